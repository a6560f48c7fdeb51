/** One instruction: `COPY --from=build a b` → { name: 'COPY', flags: { from: 'build' }, words: ['a', 'b'] }. */
export interface Instruction {
  readonly name: string
  readonly flags: Readonly<Record<string, string>>
  readonly words: readonly string[]
  /** All after the flags, as written. */
  readonly text: string
}

/** The instructions of a Dockerfile; no heredocs, no ARG. */
export function parseDockerfile(source: string): Instruction[] {
  return source
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(parseInstruction)
}

function parseInstruction(line: string): Instruction {
  const [, name = '', flagText = '', text = ''] = /^(\S+)\s+((?:--\S+\s+)*)(.*)$/.exec(line) ?? []
  const flags = [...flagText.matchAll(/--([\w-]+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value])
  return { name, flags: Object.fromEntries(flags), words: wordsOf(text), text }
}

function wordsOf(text: string): string[] {
  return text.startsWith('[') ? (JSON.parse(text) as string[]) : text.split(/\s+/)
}

/** Whether a path of the build context is left out; the last line that matches decides. */
export function isIgnored(dockerignore: string, path: string): boolean {
  let ignored = false
  for (const line of dockerignore.split('\n').map((text) => text.trim())) {
    if (line === '' || line.startsWith('#')) {
      continue
    }
    const isException = line.startsWith('!')
    const pattern = isException ? line.slice(1) : line
    if (new Bun.Glob(pattern).match(path) || new Bun.Glob(`${pattern}/**`).match(path)) {
      ignored = !isException
    }
  }
  return ignored
}

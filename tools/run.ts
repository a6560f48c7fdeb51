export interface Outcome {
  readonly code: number
  readonly output: string
}

export interface RunOptions {
  readonly env?: Record<string, string>
  /** Also show the output as it comes. */
  readonly show?: boolean
  readonly cwd?: string
}

export const root = new URL('..', import.meta.url).pathname

/** The interpreter of this process: the pinned Bun of node_modules. */
export const bun = process.execPath

/** Runs a command to its end and returns its exit code and combined output. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const child = Bun.spawn([...command], {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const bytes of stream) {
      const chunk = decoder.decode(bytes, { stream: true })
      text += chunk
      if (options.show) {
        process.stdout.write(chunk)
      }
    }
    return text
  }
  const [stdout, stderr, code] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    child.exited,
  ])
  return { code, output: stdout + stderr }
}

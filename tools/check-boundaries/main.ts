/* Checks the arrows of ARCHITECTURE.md: who may import whom, and which globals are out of reach. */
import { dirname, join, normalize } from 'node:path'
import { bans, importRules } from './rules.ts'

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g
const PACKAGES: Record<string, string> = {
  '@tam/util': 'packages/util/src/index.ts',
  '@tam/protocol': 'packages/protocol/src/index.ts',
  '@tam/client': 'packages/client/src/index.ts',
  '@tam/testkit': 'packages/testkit/src/index.ts',
  '@tam/server': 'packages/server/src/index.ts',
}

/** A repository path for our own modules, the specifier itself for anything else. */
function resolve(specifier: string, file: string): string {
  if (specifier.startsWith('.')) {
    return normalize(join(dirname(file), specifier))
  }
  const own = Object.keys(PACKAGES).find((name) => specifier === name || specifier.startsWith(`${name}/`))
  return own === undefined ? specifier : (PACKAGES[own] ?? specifier)
}

export function findViolations(file: string, source: string): string[] {
  const found: string[] = []
  for (const match of source.matchAll(IMPORT)) {
    const target = resolve(match[1] ?? match[2] ?? match[3] ?? '', file)
    for (const rule of importRules) {
      if (rule.applies(file) && rule.forbids(target, file)) {
        found.push(`${file}: imports ${target}: ${rule.name} (${rule.reason})`)
      }
    }
  }
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
  for (const ban of bans) {
    const match = ban.applies(file) ? ban.pattern.exec(code) : null
    if (match) {
      found.push(`${file}: uses ${match[0]}: ${ban.reason}`)
    }
  }
  return found
}

if (import.meta.main) {
  const root = new URL('../..', import.meta.url).pathname
  const files = [...new Bun.Glob('{packages,apps}/*/src/**/*.{ts,tsx}').scanSync(root)]
  const found = (
    await Promise.all(
      files.map(async (file) => findViolations(file, await Bun.file(join(root, file)).text())),
    )
  ).flat()
  for (const line of found) {
    console.error(line)
  }
  console.log(`boundaries: ${files.length} files, ${found.length} violations`)
  process.exit(found.length === 0 && files.length > 0 ? 0 : 1)
}

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const CACHE = new URL('../../.cache/bench', import.meta.url).pathname
const SERVER = new URL('../../packages/server/src/', import.meta.url).pathname
const OWN = new URL('.', import.meta.url).pathname
/** Files that say how rows look: when one changes, what was seeded before is not used again. */
const LAYOUT = [
  'accounts/account-row.ts',
  'accounts/login-row.ts',
  'accounts/server-keys.ts',
  'conversations/rows.ts',
  'log/keys.ts',
  'ports/kv/kv.sqlite.schema.ts',
]

/** The directory of a seed, made by `make` unless an earlier run has left it. */
export async function cachedSeed(name: string, make: (directory: string) => Promise<void>): Promise<string> {
  const directory = join(CACHE, `${name}-${fingerprint()}`)
  if (existsSync(directory)) {
    return directory
  }
  dropSeeds(name)
  const partial = join(CACHE, `${name}-partial`)
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  await make(partial)
  renameSync(partial, directory)
  return directory
}

/** Removes seeds of other fingerprints: they are large. */
function dropSeeds(name: string): void {
  for (const entry of existsSync(CACHE) ? readdirSync(CACHE) : []) {
    if (entry.startsWith(`${name}-`)) {
      rmSync(join(CACHE, entry), { recursive: true })
    }
  }
}

function fingerprint(): string {
  const own = readdirSync(OWN).map((file) => join(OWN, file))
  const files = [...own, ...LAYOUT.map((file) => join(SERVER, file))]
  return Bun.hash(files.map((file) => readFileSync(file, 'utf8')).join('\n')).toString(36)
}

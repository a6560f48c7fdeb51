/* Builds the web client when its sources changed since the last build, so that later starts cost nothing. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assert } from '@tam/util'
import { bun, root, run } from './run.ts'

// One pattern each: Bun's glob knows no braces within braces.
const SOURCES = [
  'apps/web/{src,public,tools}/**/*',
  'apps/web/*.{html,ts,json}',
  'packages/{client,protocol,util}/src/**/*',
  'package-lock.json',
]
const dist = join(root, 'apps/web/dist')
const stamp = join(dist, '.sources')

/** Digest of everything that goes into the build. */
async function digestSources(): Promise<string> {
  const hasher = new Bun.CryptoHasher('sha256')
  const files = SOURCES.flatMap((pattern) => {
    const found = [...new Bun.Glob(pattern).scanSync({ cwd: root, onlyFiles: true })]
    assert(found.length > 0, `${pattern} matches the sources of the web client`)
    return found
  })
    .filter((file) => !file.includes('.test.'))
    .sort()
  for (const file of files) {
    hasher.update(`${file}\0`)
    hasher.update(await Bun.file(join(root, file)).bytes())
  }
  return hasher.digest('hex')
}

/** Makes sure apps/web/dist is what the sources say. Throws with the build's output when it fails. */
export async function ensureWebBuild(say: (line: string) => void = () => {}): Promise<void> {
  const digest = await digestSources()
  if (existsSync(join(dist, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) {
    return
  }
  say('Building the web client (first start only)…')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const outcome = await run([bun, '--bun', vite, 'build', '--logLevel', 'warn'], {
    cwd: join(root, 'apps/web'),
    env: { NODE_ENV: 'production' },
  })
  if (outcome.code !== 0) {
    throw new Error(`The web client could not be built:\n${outcome.output}`)
  }
  writeFileSync(stamp, digest)
}

if (import.meta.main) {
  await ensureWebBuild(console.log)
}

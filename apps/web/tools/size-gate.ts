/*
 * Checks the built client against its budgets and prints what every route weighs:
 * `bun tools/size-gate.ts [--build] [dist]`. Exits with 1 when a budget is broken.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

interface Chunk {
  readonly file: string
  readonly isEntry?: boolean
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
  readonly css?: readonly string[]
}

type Manifest = Readonly<Record<string, Chunk>>

interface Budget {
  readonly id: string
  readonly what: string
  readonly maxKb: number
  readonly files: readonly string[]
  /** Fonts are compressed already. */
  readonly compressed?: boolean
}

const BYTES_PER_KB = 1_000
const ENTRY = 'index.html'

const root = join(import.meta.dirname, '..')
const dist = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? join(root, 'dist')
if (process.argv.includes('--build')) {
  await build({ root, logLevel: 'warn', build: { outDir: dist, emptyOutDir: true } })
}
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Manifest
const html = readFileSync(join(dist, ENTRY), 'utf8')

/** The manifest's chunks that load before `keys` run: themselves and all they import statically. */
function closure(keys: readonly string[]): Chunk[] {
  const seen = new Map<string, Chunk>()
  const queue = [...keys]
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const chunk = manifest[key]
    if (chunk === undefined) {
      throw new Error(`the build has no chunk ${key}`)
    }
    if (!seen.has(key)) {
      seen.set(key, chunk)
      queue.push(...(chunk.imports ?? []))
    }
  }
  return [...seen.values()]
}

const scripts = (...keys: string[]) => closure(keys).map(({ file }) => file)
const styles = (...keys: string[]) => [...new Set(closure(keys).flatMap(({ css = [] }) => css))]
const inHtml = (pattern: RegExp) => [...html.matchAll(pattern)].map((match) => (match[1] ?? '').slice(1))
const boot = inHtml(/<script src="([^"]+)"/g)
const fonts = inHtml(/<link rel="preload" href="([^"]+\.woff2)"/g)
const auth = 'src/features/auth/auth-page.tsx'
const home = 'src/features/home/home.tsx'
const profile = 'src/features/profile/profile.tsx'

const budgets: readonly Budget[] = [
  { id: 'B1', what: 'JavaScript of the sign-in page', maxKb: 110, files: [...boot, ...scripts(ENTRY, auth)] },
  {
    id: 'B2',
    what: 'JavaScript to the first conversation',
    maxKb: 170,
    files: [...boot, ...scripts(ENTRY, home)],
  },
  { id: 'B3', what: 'CSS to the first conversation', maxKb: 20, files: styles(ENTRY, auth, home) },
  { id: 'B4', what: 'fonts of the first view', maxKb: 60, files: fonts, compressed: true },
  { id: 'SW', what: 'service worker, in the background', maxKb: 5, files: ['sw.js'] },
  { id: 'B6', what: 'settings, on top', maxKb: 60, files: onTop(profile, home) },
]

function onTop(key: string, base: string): string[] {
  const loaded = new Set(scripts(ENTRY, base))
  return scripts(key).filter((file) => !loaded.has(file))
}

function sizeKb(file: string, compressed: boolean): number {
  const path = join(dist, file)
  return (compressed ? statSync(path).size : gzipSync(readFileSync(path), { level: 9 }).length) / BYTES_PER_KB
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

let broken = false
for (const { id, what, maxKb, files, compressed = false } of budgets) {
  const parts = files.map((file) => ({ file, kb: sizeKb(file, compressed) })).toSorted((a, b) => b.kb - a.kb)
  const total = parts.reduce((sum, { kb }) => sum + kb, 0)
  const over = total > maxKb || files.length === 0
  broken ||= over
  print(`${over ? 'OVER' : 'ok  '} ${id} ${total.toFixed(1)} of ${maxKb} KB  ${what}`)
  for (const { file, kb } of parts.slice(0, 6)) {
    print(`         ${kb.toFixed(1).padStart(6)}  ${file}`)
  }
}
process.exitCode = broken ? 1 : 0

import { hash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
const ENCODINGS = { '.br': 'br', '.gz': 'gzip' } as const
/** Bytes of all files together; a build is a hundredth of it. */
const BYTES_MAX = 256 * 1024 * 1024

/** One file of the build, whole, with its compressed twins. */
export interface StaticAsset {
  readonly contentType: string
  /** A change of content changes it. */
  readonly etag: string
  readonly identity: Uint8Array<ArrayBuffer>
  readonly br?: Uint8Array<ArrayBuffer>
  readonly gzip?: Uint8Array<ArrayBuffer>
}

/** The files below `root` by path (`/assets/index-3f2a.js`); empty when there is no such directory. */
export async function loadAssets(root: string): Promise<ReadonlyMap<string, StaticAsset>> {
  const files = await readFiles(root)
  const assets = new Map<string, StaticAsset>()
  for (const [path, identity] of files) {
    const contentType = TYPES[extname(path)]
    if (contentType === undefined || Object.hasOwn(ENCODINGS, extname(path))) {
      continue
    }
    const br = files.get(`${path}.br`)
    const gzip = files.get(`${path}.gz`)
    const etag = `"${hash('sha256', identity, 'base64url').slice(0, 22)}"`
    assets.set(path, { contentType, etag, identity, ...(br && { br }), ...(gzip && { gzip }) })
  }
  return assets
}

async function readFiles(root: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(absentAsEmpty)
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  let total = 0
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(root, file).split(sep).join('/')}`
    // Names with a dot in front are the build's own notes.
    if (entry.isFile() && !path.includes('/.')) {
      const bytes = new Uint8Array(await readFile(file))
      total += bytes.length
      if (total > BYTES_MAX) {
        throw new RangeError(`${root} holds more than ${BYTES_MAX} bytes: is it the built web client?`)
      }
      files.set(path, bytes)
    }
  }
  return files
}

function absentAsEmpty(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') {
    return []
  }
  throw error
}

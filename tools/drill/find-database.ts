import { closeSync, openSync, readSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const MAGIC = 'SQLite format 3\0'

/** The database file of the embedded engine in a data directory. @throws {Error} when there is not exactly one */
export function findDatabase(dataDir: string): string {
  const found = readdirSync(dataDir, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter(isSqlite)
  const [path] = found
  if (path === undefined || found.length > 1) {
    throw new Error(`${found.length} databases in ${dataDir}`)
  }
  return path
}

function isSqlite(path: string): boolean {
  const start = Buffer.alloc(MAGIC.length)
  const file = openSync(path, 'r')
  try {
    readSync(file, start, 0, start.length, 0)
  } finally {
    closeSync(file)
  }
  return start.toString('latin1') === MAGIC
}

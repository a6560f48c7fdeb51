import { Database } from 'bun:sqlite'
import { SqliteOpenError, sqliteCode } from './kv.sqlite.errors.ts'

/**
 * Holds `<path>.lock` for the life of the process. The lock is a transaction on an empty SQLite file, hence a lock of
 * the operating system: it goes when the process dies, however it dies, and the file left behind means nothing.
 * IMMEDIATE, not EXCLUSIVE: that one takes several locks in turn, so that two who start at once can both be refused.
 * @throws {SqliteOpenError} `in_use`
 */
export function lockDatabase(path: string): Disposable {
  const lock = new Database(`${path}.lock`, { create: true, readwrite: true })
  try {
    lock.run('PRAGMA busy_timeout = 0')
    lock.run('BEGIN IMMEDIATE')
  } catch (error) {
    lock.close()
    if (!sqliteCode(error).startsWith('SQLITE_BUSY')) {
      throw error
    }
    throw new SqliteOpenError(
      'in_use',
      path,
      'another server is using this database; stop it, or choose another data directory',
      error,
    )
  }
  return {
    [Symbol.dispose]: () => {
      lock.run('ROLLBACK')
      lock.close()
    },
  }
}

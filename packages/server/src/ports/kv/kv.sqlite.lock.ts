import { Database } from 'bun:sqlite'
import { SqliteOpenError, sqliteCode } from './kv.sqlite.errors.ts'
import { asOpenError } from './kv.sqlite.schema.ts'

/**
 * Holds `<path>.lock` for the life of the process. The lock is a transaction on an empty SQLite file, hence a lock of
 * the operating system: it goes when the process dies, however it dies, and the file left behind means nothing.
 * IMMEDIATE, not EXCLUSIVE: that one takes several locks in turn, so that two who start at once can both be refused.
 * @throws {SqliteOpenError} `in_use`, and `corrupt` or `unwritable` of the lock's own file
 */
export function lockDatabase(path: string): Disposable {
  const lock = openLock(`${path}.lock`)
  try {
    lock.run('PRAGMA busy_timeout = 0')
    lock.run('BEGIN IMMEDIATE')
  } catch (error) {
    lock.close()
    if (!sqliteCode(error).startsWith('SQLITE_BUSY')) {
      throw asLockError(error, `${path}.lock`)
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

function openLock(path: string): Database {
  try {
    return new Database(path, { create: true, readwrite: true })
  } catch (error) {
    throw asLockError(error, path)
  }
}

/** Whatever the file is, the data is in another one. */
function asLockError(error: unknown, path: string): unknown {
  return sqliteCode(error) === 'SQLITE_NOTADB'
    ? new SqliteOpenError('corrupt', path, 'not a lock of this program; it holds no data, remove it', error)
    : asOpenError(error, path)
}

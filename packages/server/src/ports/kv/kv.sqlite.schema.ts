import { Database } from 'bun:sqlite'
import { chmodSync, closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { SqliteOpenError, sqliteCode } from './kv.sqlite.errors.ts'

/** 'Tám1' in Latin-1: marks a SQLite file as ours. */
const APPLICATION_ID = 0x54e16d31
const SCHEMA_VERSION = 1
/** A file up to here is checked whole at every start (a few hundred milliseconds); a larger one by its schema. */
const CHECK_BYTES_MAX = 64 * 1024 * 1024
const MAGIC = 'SQLite format 3\0'

/** For every connection that writes. On macOS a plain fsync leaves data in the drive's cache. */
export const DURABLE_PRAGMAS = `
  PRAGMA busy_timeout = 5000;
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = 1;
  PRAGMA checkpoint_fullfsync = 1;
`

// With a rowid: values are appended in the order they come, and only the small keys are sorted (docs/adr/0007).
const SCHEMA = `
  CREATE TABLE kv (
    partition TEXT NOT NULL,
    key       TEXT NOT NULL,
    value     TEXT NOT NULL,
    rev       INTEGER NOT NULL,
    expires   INTEGER,
    PRIMARY KEY (partition, key)
  );
  CREATE INDEX kv_expires ON kv (expires) WHERE expires IS NOT NULL;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO meta VALUES ('rev_ceiling', 0);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`

/**
 * Leaves a database of the current schema at `path`, in WAL mode. A file that is not whole and ours is never touched.
 * @throws {SqliteOpenError}
 */
export function prepareDatabase(path: string): void {
  checkMagic(path)
  const database = new Database(path, { create: true, readwrite: true })
  try {
    // For this user alone, and with it the WAL, which takes its mode from here; older files are as the umask was.
    chmodSync(path, 0o600)
    database.run(DURABLE_PRAGMAS)
    if (readNumber(database, 'application_id') === 0 && isEmpty(database)) {
      database.run('PRAGMA journal_mode = WAL')
      database.transaction(() => database.run(SCHEMA)).immediate()
    } else {
      checkOwner(database, path)
      checkWhole(database, path)
      database.run('PRAGMA journal_mode = WAL')
    }
  } finally {
    database.close()
  }
}

/** Makes the directory of `path`, for this user alone: the rows hold signing keys and password hashes. */
export function prepareDirectory(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
}

/** Turns whatever opening may throw into an error that names the file and says what to do. */
export function asOpenError(error: unknown, path: string): unknown {
  if (error instanceof SqliteOpenError || !(error instanceof Error)) {
    return error
  }
  const code = sqliteCode(error)
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    return corrupt(path, error.message, error)
  }
  if (/^(SQLITE_(CANTOPEN|READONLY|PERM|IOERR|FULL)|E[A-Z]+$)/.test(code)) {
    const message = `cannot be written (${error.message}); make ${dirname(path)} a directory that this user may write, with free space, or choose another data directory`
    return new SqliteOpenError('unwritable', path, message, error)
  }
  return error
}

function checkMagic(path: string): void {
  if (sizeOf(path) === 0) {
    // SQLite would take the file for a new one and delete the log, with all commits that are only in it.
    if (sizeOf(`${path}-wal`) > 0) {
      throw corrupt(path, `it is missing or empty, but ${basename(path)}-wal beside it holds data`)
    }
    return
  }
  const start = Buffer.alloc(MAGIC.length)
  const file = openSync(path, 'r')
  try {
    readSync(file, start, 0, start.length, 0)
  } finally {
    closeSync(file)
  }
  if (start.toString('latin1') !== MAGIC) {
    throw corrupt(path, 'it does not start as a SQLite file')
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function checkOwner(database: Database, path: string): void {
  if (readNumber(database, 'application_id') !== APPLICATION_ID) {
    throw corrupt(path, 'it belongs to another program')
  }
  const version = readNumber(database, 'user_version')
  if (version > SCHEMA_VERSION) {
    throw new SqliteOpenError(
      'newer',
      path,
      `written by a newer version (schema ${version}, this one knows ${SCHEMA_VERSION}); start that version`,
    )
  }
}

function checkWhole(database: Database, path: string): void {
  const small = sizeOf(path) <= CHECK_BYTES_MAX
  const [first] = small ? database.query('PRAGMA quick_check(1)').values() : [['ok']]
  if (first?.[0] !== 'ok') {
    throw corrupt(path, String(first?.[0]))
  }
}

function isEmpty(database: Database): boolean {
  return database.query('SELECT 1 FROM sqlite_schema').get() === null
}

function readNumber(database: Database, pragma: 'application_id' | 'user_version'): number {
  const [row] = database.query(`PRAGMA ${pragma}`).values()
  return Number(row?.[0])
}

function corrupt(path: string, detail: string, cause?: unknown): SqliteOpenError {
  const message = `not a usable database (${detail}); it was left as it is: restore a backup, or move it away to start empty`
  return new SqliteOpenError('corrupt', path, message, cause)
}

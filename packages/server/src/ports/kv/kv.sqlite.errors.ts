export type SqliteOpenProblem =
  /** The file is damaged, or belongs to another program. It was not changed. */
  | 'corrupt'
  /** Another process has the file open. */
  | 'in_use'
  /** The file or its directory cannot be written. */
  | 'unwritable'
  /** A newer version of the program wrote it. */
  | 'newer'

/** The database cannot be opened; the message names the file and says what to do. */
export class SqliteOpenError extends Error {
  override name = 'SqliteOpenError'
  readonly problem: SqliteOpenProblem
  readonly path: string

  constructor(problem: SqliteOpenProblem, path: string, message: string, cause?: unknown) {
    super(`${path}: ${message}`, { cause })
    this.problem = problem
    this.path = path
  }
}

/**
 * A write may or may not be on disk, and nothing can tell (an error of COMMIT or fsync). The process must end
 * without acknowledging anything more; at the next start the file tells what is durable.
 */
export class SqliteFatal extends Error {
  override name = 'SqliteFatal'
  /** SQLite's own name, e.g. `SQLITE_IOERR_FSYNC`. */
  readonly code: string

  constructor(path: string, code: string, message: string) {
    super(`${path}: ${code}: ${message}; ending rather than acknowledging what may not be on disk`)
    this.code = code
  }
}

/** SQLite's extended name of an error, e.g. `SQLITE_FULL`; empty for other errors. */
export function sqliteCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

import type { Cancel, Clock } from '@tam/util'
import { SqliteFatal } from './kv.sqlite.errors.ts'
import { lockDatabase } from './kv.sqlite.lock.ts'
import type { SqliteFaults } from './kv.sqlite.messages.ts'
import { SqliteReader } from './kv.sqlite.reader.ts'
import { asOpenError, prepareDatabase, prepareDirectory } from './kv.sqlite.schema.ts'
import { SqliteWriter } from './kv.sqlite.writer.ts'
import type { Change, CommitResult, KeyedRow, Kv, Row, RowRef, ScanRange } from './kv.ts'

/** Milliseconds between the removals of rows that have expired; until then they are only hidden. */
const SWEEP_MS = 60_000

export interface SqliteKvOptions {
  /** The database file; beside it lie `-wal`, `-shm` and `.lock`. */
  readonly path: string
  readonly clock: Clock
  /** Must end the process: nothing may be acknowledged after it. */
  readonly onFatal: (error: SqliteFatal) => void
  /** The disk has become full, or takes commits again. A small commit may still fit when a large one did not. */
  readonly onFull?: (isFull: boolean) => void
  /** Only in tests. */
  readonly faults?: SqliteFaults
}

/**
 * Opens the embedded engine: one SQLite file, written by one thread with group commit, read on the caller's thread.
 * @throws {SqliteOpenError} the file is in use, damaged, not ours or not writable; it was not changed
 */
export async function openSqliteKv(options: SqliteKvOptions): Promise<Kv> {
  const { path } = options
  try {
    prepareDirectory(path)
    const lock = lockDatabase(path)
    try {
      prepareDatabase(path)
      return new SqliteKv(options, lock)
    } catch (error) {
      lock[Symbol.dispose]()
      throw error
    }
  } catch (error) {
    throw asOpenError(error, path)
  }
}

class SqliteKv implements Kv {
  readonly #clock: Clock
  readonly #lock: Disposable
  readonly #reader: SqliteReader
  readonly #writer: SqliteWriter
  readonly #stopSweeping: Cancel
  #closed: Promise<void> | undefined

  constructor({ path, clock, onFatal, onFull = () => {}, faults = {} }: SqliteKvOptions, lock: Disposable) {
    this.#clock = clock
    this.#lock = lock
    this.#reader = new SqliteReader(path)
    this.#writer = new SqliteWriter({
      path,
      clock,
      faults,
      onOutcome: () => this.#reader.refresh(),
      onFull,
      onFatal: (code, message) => onFatal(new SqliteFatal(path, code, message)),
    })
    this.#stopSweeping = clock.every(SWEEP_MS, () => this.#writer.sweep())
  }

  async get(partition: string, key: string): Promise<Row | undefined> {
    return this.#reader.get(partition, key, this.#clock.now())
  }

  async getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]> {
    const now = this.#clock.now()
    return refs.map(({ partition, key }) => this.#reader.get(partition, key, now))
  }

  async scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    return this.#reader.scan(partition, range, this.#clock.now())
  }

  commit(partition: string, change: Change): Promise<CommitResult> {
    return this.#writer.commit(partition, change)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#stopSweeping()
    this.#reader.close()
    await this.#writer.close()
    this.#lock[Symbol.dispose]()
  }
}

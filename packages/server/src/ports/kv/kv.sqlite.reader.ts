import { Database, type Statement } from 'bun:sqlite'
import type { KeyedRow, Row, ScanRange } from './kv.ts'

const ALIVE = '(expires IS NULL OR expires > ?)'
const ROW = 'value, CAST(rev AS TEXT) AS rev'
const RANGE = `SELECT key, ${ROW} FROM kv WHERE partition = ? AND key >= ? AND key < ? AND ${ALIVE} ORDER BY key`

/**
 * Reads on the calling thread: a row costs microseconds, less than asking a Worker. SQLite shows a commit to other
 * connections only after its fsync, hence nothing is read here that a crash could take back.
 *
 * The reads of one turn of the event loop share a transaction, which spares each of them a third of its price: the
 * locks of the file. It shows the store as it was at the turn's first read, so it must end before anybody learns of
 * a later commit: call `refresh` before the outcome of one is told. Nobody else writes the file.
 */
export class SqliteReader {
  readonly #database: Database
  readonly #begin: Statement<unknown, []>
  readonly #end: Statement<unknown, []>
  readonly #get: Statement<Row, [string, string, number]>
  readonly #ascending: Statement<KeyedRow, [string, string, string, number, number]>
  readonly #descending: Statement<KeyedRow, [string, string, string, number, number]>

  #isReading = false

  constructor(path: string) {
    this.#database = new Database(path, { readonly: true })
    this.#database.run('PRAGMA busy_timeout = 5000')
    this.#database.run('PRAGMA cache_size = -16384')
    this.#begin = this.#database.prepare('BEGIN')
    this.#end = this.#database.prepare('COMMIT')
    this.#get = this.#database.prepare(`SELECT ${ROW} FROM kv WHERE partition = ? AND key = ? AND ${ALIVE}`)
    this.#ascending = this.#database.prepare(`${RANGE} LIMIT ?`)
    this.#descending = this.#database.prepare(`${RANGE} DESC LIMIT ?`)
  }

  get(partition: string, key: string, now: number): Row | undefined {
    this.#enter()
    return this.#get.get(partition, key, now) ?? undefined
  }

  scan(partition: string, { from, to, limit, reverse }: ScanRange, now: number): KeyedRow[] {
    this.#enter()
    return (reverse === true ? this.#descending : this.#ascending).all(partition, from, to, now, limit)
  }

  /** The next read sees everything committed before it. */
  refresh(): void {
    if (this.#isReading) {
      this.#isReading = false
      this.#end.run()
    }
  }

  close(): void {
    this.refresh()
    for (const statement of [this.#begin, this.#end, this.#get, this.#ascending, this.#descending]) {
      statement.finalize()
    }
    this.#database.close()
  }

  #enter(): void {
    if (!this.#isReading) {
      this.#begin.run()
      this.#isReading = true
      setImmediate(this.#leave)
    }
  }

  readonly #leave = (): void => this.refresh()
}

import { Database, type Statement } from 'bun:sqlite'
import type { KeyedRow, Row, ScanRange } from './kv.ts'

const ALIVE = '(expires IS NULL OR expires > ?)'
const ROW = 'value, CAST(rev AS TEXT) AS rev'
const RANGE = `SELECT key, ${ROW} FROM kv WHERE partition = ? AND key >= ? AND key < ? AND ${ALIVE} ORDER BY key`

/**
 * Reads on the calling thread: a row costs microseconds, less than asking a Worker. SQLite shows a commit to other
 * connections only after its fsync, hence nothing is read here that a crash could take back.
 */
export class SqliteReader {
  readonly #database: Database
  readonly #get: Statement<Row, [string, string, number]>
  readonly #ascending: Statement<KeyedRow, [string, string, string, number, number]>
  readonly #descending: Statement<KeyedRow, [string, string, string, number, number]>

  constructor(path: string) {
    this.#database = new Database(path, { readonly: true })
    this.#database.run('PRAGMA busy_timeout = 5000')
    this.#database.run('PRAGMA cache_size = -16384')
    this.#get = this.#database.prepare(`SELECT ${ROW} FROM kv WHERE partition = ? AND key = ? AND ${ALIVE}`)
    this.#ascending = this.#database.prepare(`${RANGE} LIMIT ?`)
    this.#descending = this.#database.prepare(`${RANGE} DESC LIMIT ?`)
  }

  get(partition: string, key: string, now: number): Row | undefined {
    return this.#get.get(partition, key, now) ?? undefined
  }

  scan(partition: string, { from, to, limit, reverse }: ScanRange, now: number): KeyedRow[] {
    return (reverse === true ? this.#descending : this.#ascending).all(partition, from, to, now, limit)
  }

  close(): void {
    for (const statement of [this.#get, this.#ascending, this.#descending]) {
      statement.finalize()
    }
    this.#database.close()
  }
}

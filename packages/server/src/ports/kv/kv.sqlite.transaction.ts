import { Database, type Statement } from 'bun:sqlite'
import { type EncodedCommits, decodeCommits } from './change-codec.ts'
import { sqliteCode } from './kv.sqlite.errors.ts'
import type { BatchConflict, FromWriter, SqliteFaults } from './kv.sqlite.messages.ts'
import { DURABLE_PRAGMAS } from './kv.sqlite.schema.ts'
import type { Change, Expectation } from './kv.ts'

/** Revs reserved at once: the counter on disk is ahead of every rev given out, and is written this seldom. */
const REV_BLOCK = 1 << 24
const PAGE_BYTES = 4_096
/** Expired rows removed in one transaction. */
const SWEEP_ROWS = 500

/** The checkpointer moves the WAL into the database, outside of commits. */
const WRITER_PRAGMAS = 'PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 0;'

/** The one writer of the database: a batch of commits is one transaction and one fsync. */
export class SqliteTransactions {
  readonly #database: Database
  readonly #begin: Statement
  readonly #commit: Statement
  readonly #revOf: Statement<{ rev: number }, [string, string, number]>
  readonly #put: Statement<unknown, [string, string, string, number, number | null]>
  readonly #delete: Statement<unknown, [string, string]>
  readonly #sweep: Statement<unknown, [number, number]>
  readonly #raiseCeiling: Statement<unknown, [number]>
  readonly #faults: SqliteFaults
  #commits = 0
  #nextRev: number
  /** Every rev up to here is reserved on disk. */
  #revCeiling: number

  constructor(path: string, faults: SqliteFaults) {
    const database = new Database(path, { readwrite: true })
    database.run(DURABLE_PRAGMAS)
    database.run(WRITER_PRAGMAS)
    if (faults.maxPageCount !== undefined) {
      database.run(`PRAGMA max_page_count = ${faults.maxPageCount}`)
    }
    this.#database = database
    this.#faults = faults
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#revOf = database.prepare(
      'SELECT rev FROM kv WHERE partition = ? AND key = ? AND (expires IS NULL OR expires > ?)',
    )
    this.#put = database.prepare(
      `INSERT INTO kv (partition, key, value, rev, expires) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (partition, key) DO UPDATE SET value = excluded.value, rev = excluded.rev, expires = excluded.expires`,
    )
    this.#delete = database.prepare('DELETE FROM kv WHERE partition = ? AND key = ?')
    this.#sweep = database.prepare(
      'DELETE FROM kv WHERE (partition, key) IN (SELECT partition, key FROM kv WHERE expires <= ? LIMIT ?)',
    )
    this.#raiseCeiling = database.prepare("UPDATE meta SET value = ? WHERE name = 'rev_ceiling'")
    const row = database
      .query<{ value: number }, []>("SELECT value FROM meta WHERE name = 'rev_ceiling'")
      .get()
    this.#revCeiling = row?.value ?? 0
    this.#nextRev = this.#revCeiling + 1
  }

  /** @throws when an outcome on disk is not known: nothing may be acknowledged any more. */
  commit(commits: EncodedCommits, now: number): FromWriter {
    try {
      this.#begin.run()
    } catch (error) {
      return refusal(error)
    }
    try {
      const outcome = this.#apply(commits, now)
      this.#end()
      this.#revCeiling = outcome.ceiling
      this.#nextRev = outcome.nextRev
      const { firstRev, conflicts, pages } = outcome
      return { kind: 'committed', firstRev, conflicts, pages }
    } catch (error) {
      const refused = refusal(error)
      this.#rollback()
      return refused
    }
  }

  /** Removes some of the rows that expired before `now`. Not urgent: a failure leaves them to the next time. */
  sweep(now: number): void {
    try {
      this.#sweep.run(now, SWEEP_ROWS)
    } catch (error) {
      refusal(error)
    }
  }

  close(): void {
    const statements = [this.#begin, this.#commit, this.#revOf, this.#put, this.#delete, this.#sweep]
    for (const statement of [...statements, this.#raiseCeiling]) {
      statement.finalize()
    }
    this.#database.close()
  }

  #apply(commits: EncodedCommits, now: number) {
    const firstRev = this.#nextRev
    const conflicts: BatchConflict[] = []
    let pages = 0
    let rev = firstRev
    for (const { partition, change } of decodeCommits(commits)) {
      const keys = this.#conflicts(partition, change.expect ?? [], now)
      if (keys.length === 0) {
        pages += this.#write(partition, change, rev, now)
      } else {
        conflicts.push({ index: rev - firstRev, keys })
      }
      rev++
    }
    let ceiling = this.#revCeiling
    if (rev > ceiling) {
      ceiling = rev + REV_BLOCK
      this.#raiseCeiling.run(ceiling)
    }
    return { firstRev, nextRev: rev, ceiling, conflicts, pages }
  }

  #conflicts(partition: string, expected: readonly Expectation[], now: number): string[] {
    const keys: string[] = []
    for (const { key, rev } of expected) {
      const found = this.#revOf.get(partition, key, now)
      if ((found === null ? null : String(found.rev)) !== rev) {
        keys.push(key)
      }
    }
    return keys
  }

  /** @returns about how many pages this adds to the WAL */
  #write(partition: string, { put = [], delete: deleted = [] }: Change, rev: number, now: number): number {
    let pages = deleted.length + put.length
    for (const key of deleted) {
      this.#delete.run(partition, key)
    }
    for (const { key, value, ttl } of put) {
      this.#put.run(partition, key, value, rev, ttl === undefined ? null : now + ttl * 1000)
      pages += Math.floor(value.length / PAGE_BYTES)
    }
    return pages
  }

  #end(): void {
    this.#commits++
    if (this.#commits === this.#faults.failCommit) {
      throw Object.assign(new Error('injected: disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' })
    }
    this.#commit.run()
  }

  #rollback(): void {
    if (this.#database.inTransaction) {
      this.#database.run('ROLLBACK')
    }
  }
}

/** Errors after which nothing was stored for certain; every other one is thrown again. */
function refusal(error: unknown): FromWriter {
  const code = sqliteCode(error)
  if (code === 'SQLITE_FULL') {
    return { kind: 'refused', reason: 'full' }
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return { kind: 'refused', reason: 'busy' }
  }
  throw error
}

import { type Client, types } from 'cassandra-driver'
import { type BackoffOptions, type Clock, type Random, fullJitter, wait } from '@tam/util'
import { CassandraUnavailable, isRefusal, reasonOf } from './kv.cassandra.errors.ts'
import { Slots } from './kv.cassandra.slots.ts'
import { type SeenRow, type Statements, liveRow, seenRows } from './kv.cassandra.statements.ts'
import { compareKeys } from './key-order.ts'
import type { KeyedRow, Row, ScanRange } from './kv.ts'

/** Queries in flight, and waiting for their turn. */
const READS_MAX = 256
const WAITING_READS_MAX = 65_536
/** Keys in one query. */
const KEYS_MAX = 64
/** Rows in one answer of a scan. */
const PAGE_ROWS_MAX = 500
/** Milliseconds for which a read is tried again. */
const READ_DEADLINE_MS = 5_000
/** Milliseconds for the read that looks for a commit without an answer: its caller has waited for that already. */
const IN_PLACE_MS = 1_000
const RETRY: BackoffOptions = { baseMs: 50, capMs: 500 }

const { serial, quorum } = types.consistencies

export interface CassandraDependencies {
  readonly client: Client
  readonly statements: Statements
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds to wait for one answer. */
  readonly requestTimeoutMs: number
}

interface Query {
  readonly query: string
  readonly params: readonly unknown[]
  readonly consistency: types.consistencies
  readonly fetchSize?: number
  readonly pageState?: string | undefined
  /** Milliseconds to wait for an answer, when other than usual. */
  readonly timeoutMs?: number
}

/**
 * Asks every question once, about nothing. The driver has each prepared by all nodes at its first use, which takes
 * seconds when one of them stands still by then.
 */
export async function prepareReads(client: Client, statements: Statements): Promise<void> {
  const { selectRows, selectRevs, scanForward, scanReverse } = statements
  const ask = (query: string, params: readonly unknown[]) =>
    client.execute(query, [...params], { prepare: true, consistency: quorum, isIdempotent: true })
  await Promise.all([
    ...[selectRows, selectRevs].map((query) => ask(query, ['nothing', ['']])),
    ...[scanForward, scanReverse].map((query) => ask(query, ['nothing', '', ''])),
  ])
}

type WaitingGets = Map<string, PromiseWithResolvers<Row | undefined>>

/**
 * Reads. `get` asks at SERIAL, which first finishes whatever commit is under way on the partition. Such reads of one
 * partition hinder each other, so that those which wait for one in flight become a single query after it. `scan` asks
 * at QUORUM: it sees all that was committed before it, at a sixth of the cost, and may miss only what nobody knows yet
 * to be committed.
 */
export class CassandraReads {
  readonly #deps: CassandraDependencies
  readonly #slots = new Slots(READS_MAX, WAITING_READS_MAX)
  readonly #gets = new Map<string, WaitingGets>()
  #ended = false

  constructor(deps: CassandraDependencies) {
    this.#deps = deps
  }

  /** @throws {CassandraUnavailable} */
  get(partition: string, key: string): Promise<Row | undefined> {
    let gets = this.#gets.get(partition)
    if (gets === undefined) {
      const started: WaitingGets = new Map()
      this.#gets.set(partition, started)
      gets = started
      // After this turn of the event loop's microtasks: its gets leave together.
      queueMicrotask(() => void this.#drain(partition, started))
    }
    let pending = gets.get(key)
    if (pending === undefined) {
      pending = Promise.withResolvers()
      gets.set(key, pending)
    }
    return pending.promise
  }

  /** @throws {CassandraUnavailable} */
  async scan(partition: string, { from, to, limit, reverse }: ScanRange): Promise<KeyedRow[]> {
    const found: KeyedRow[] = []
    if (limit <= 0 || compareKeys(from, to) >= 0) {
      return found
    }
    const { scanForward, scanReverse } = this.#deps.statements
    const scan: Query = {
      query: reverse === true ? scanReverse : scanForward,
      params: [partition, from, to],
      consistency: quorum,
      fetchSize: Math.min(limit, PAGE_ROWS_MAX),
    }
    let pageState: string | undefined
    do {
      const page = await this.#ask({ ...scan, pageState })
      const nowMs = this.#deps.clock.now()
      for (const stored of page.rows) {
        const row = liveRow(stored, nowMs)
        if (row !== undefined && found.push({ key: String(stored['k']), ...row }) === limit) {
          return found
        }
      }
      pageState = page.pageState ?? undefined
    } while (pageState !== undefined)
    return found
  }

  /** What the rows of `keys` probably are: a conditional write will tell. */
  async probableRevs(partition: string, keys: readonly string[]): Promise<Map<string, SeenRow>> {
    const seen = new Map<string, SeenRow>()
    for (let index = 0; index < keys.length; index += KEYS_MAX) {
      const params = [partition, keys.slice(index, index + KEYS_MAX)]
      const { rows } = await this.#ask({
        query: this.#deps.statements.selectRevs,
        params,
        consistency: quorum,
      })
      seenRows(rows).forEach((row, key) => seen.set(key, row))
    }
    return seen
  }

  /** Whether the row has this rev, after whatever commit was under way; asks once. */
  async hasRev(partition: string, key: string, rev: string): Promise<boolean> {
    const query = this.#deps.statements.selectRevs
    const { rows } = await this.#askOnce({
      query,
      params: [partition, [key]],
      consistency: serial,
      timeoutMs: Math.min(IN_PLACE_MS, this.#deps.requestTimeoutMs),
    })
    return seenRows(rows).get(key)?.rev === rev
  }

  /** From here on reads fail at once. */
  end(): void {
    this.#ended = true
  }

  async #drain(partition: string, gets: WaitingGets): Promise<void> {
    while (gets.size > 0) {
      const batch = new Map([...gets].slice(0, KEYS_MAX))
      batch.forEach((_, key) => gets.delete(key))
      try {
        const rows = await this.#rows(partition, [...batch.keys()])
        batch.forEach(({ resolve }, key) => resolve(rows.get(key)))
      } catch (error) {
        batch.forEach(({ reject }) => reject(error))
      }
    }
    this.#gets.delete(partition)
  }

  async #rows(partition: string, keys: readonly string[]): Promise<Map<string, Row | undefined>> {
    const query = this.#deps.statements.selectRows
    const { rows } = await this.#ask({ query, params: [partition, keys], consistency: serial })
    const nowMs = this.#deps.clock.now()
    return new Map(rows.map((row) => [String(row['k']), liveRow(row, nowMs)]))
  }

  async #ask(query: Query): Promise<types.ResultSet> {
    const { clock, random } = this.#deps
    const deadline = clock.monotonic() + READ_DEADLINE_MS
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#slots.run(() => this.#askOnce(query))
      } catch (error) {
        const delayMs = fullJitter(attempt, RETRY, random)
        if (isRefusal(error)) {
          throw error
        }
        if (this.#ended || clock.monotonic() + delayMs > deadline) {
          throw new CassandraUnavailable(`no answer to a read: ${reasonOf(error)}`, { cause: error })
        }
        await wait(clock, delayMs)
      }
    }
  }

  #askOnce({
    query,
    params,
    consistency,
    fetchSize,
    pageState,
    timeoutMs = this.#deps.requestTimeoutMs,
  }: Query): Promise<types.ResultSet> {
    return this.#deps.client.execute(query, [...params], {
      prepare: true,
      consistency,
      isIdempotent: true,
      readTimeout: timeoutMs,
      ...(fetchSize === undefined ? {} : { fetchSize }),
      ...(pageState === undefined ? {} : { pageState }),
    })
  }
}

import type { Clock } from '@tam/util'
import { lowerBound } from './key-order.ts'
import type { Change, CommitResult, Expectation, KeyedRow, Kv, Put, Row, RowRef, ScanRange } from './kv.ts'

interface StoredRow extends Row {
  /** Wall time in milliseconds from which the row is absent. */
  readonly expires: number
}

/** Rows in memory: for tests and simulations. Nothing survives the object. */
export class MemoryKv implements Kv {
  readonly #partitions = new Map<string, MemoryPartition>()
  readonly #clock: Pick<Clock, 'now'>
  #revs = 0

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  async get(partition: string, key: string): Promise<Row | undefined> {
    return this.#partitions.get(partition)?.get(key, this.#clock.now())
  }

  async getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]> {
    const now = this.#clock.now()
    return refs.map(({ partition, key }) => this.#partitions.get(partition)?.get(key, now))
  }

  async scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    return this.#partitions.get(partition)?.scan(range, this.#clock.now()) ?? []
  }

  async commit(partition: string, change: Change): Promise<CommitResult> {
    return this.apply(partition, change)
  }

  /** `commit`, at once. */
  apply(partition: string, change: Change): CommitResult {
    const rows = this.#partition(partition)
    const now = this.#clock.now()
    const conflicts = rows.conflicts(change.expect ?? [], now)
    if (conflicts.length > 0) {
      return { committed: false, conflicts }
    }
    const rev = String(++this.#revs)
    for (const key of change.delete ?? []) {
      rows.delete(key)
    }
    for (const put of change.put ?? []) {
      rows.put(put, rev, now)
    }
    return { committed: true, rev }
  }

  async close(): Promise<void> {}

  #partition(name: string): MemoryPartition {
    let partition = this.#partitions.get(name)
    if (partition === undefined) {
      partition = new MemoryPartition()
      this.#partitions.set(name, partition)
    }
    return partition
  }
}

class MemoryPartition {
  readonly #rows = new Map<string, StoredRow>()
  readonly #keys: string[] = []

  get(key: string, now: number): Row | undefined {
    const row = this.#rows.get(key)
    return row !== undefined && row.expires > now ? { value: row.value, rev: row.rev } : undefined
  }

  scan(range: ScanRange, now: number): KeyedRow[] {
    const keys = this.#keys.slice(lowerBound(this.#keys, range.from), lowerBound(this.#keys, range.to))
    if (range.reverse === true) {
      keys.reverse()
    }
    const found: KeyedRow[] = []
    for (const key of keys) {
      const row = found.length < range.limit ? this.get(key, now) : undefined
      if (row !== undefined) {
        found.push({ key, ...row })
      }
    }
    return found
  }

  conflicts(expected: readonly Expectation[], now: number): string[] {
    return expected.filter(({ key, rev }) => (this.get(key, now)?.rev ?? null) !== rev).map(({ key }) => key)
  }

  put({ key, value, ttl }: Put, rev: string, now: number): void {
    if (!this.#rows.has(key)) {
      this.#keys.splice(lowerBound(this.#keys, key), 0, key)
    }
    this.#rows.set(key, { value, rev, expires: ttl === undefined ? Infinity : now + Math.ceil(ttl) * 1000 })
  }

  delete(key: string): void {
    if (this.#rows.delete(key)) {
      this.#keys.splice(lowerBound(this.#keys, key), 1)
    }
  }
}

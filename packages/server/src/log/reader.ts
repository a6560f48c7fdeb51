import { assert } from '@tam/util'
import type { Kv } from '../ports/kv/kv.ts'
import { bucketOf, bucketPartition, entryKey, lastSeqOf, seqOfEntryKey } from './keys.ts'

/** Entries in one read. */
export const READ_MAX = 10_000

/** An entry below the head cannot be read: a broken store, never the end of history. */
export class LogHole extends Error {
  override name = 'LogHole'
}

/** Reads encoded entries, dense and ascending; ends early only at the head. */
export class LogReader {
  readonly #kv: Kv
  readonly #bucketSize: number

  constructor(kv: Kv, bucketSize: number) {
    this.#kv = kv
    this.#bucketSize = bucketSize
  }

  /** @throws {LogHole} */
  async read(log: string, from: number, to: number): Promise<string[]> {
    assert(from >= 1 && to - from < READ_MAX, `cannot read ${from}..${to}`)
    const entries: string[] = []
    for (let next = from; next <= to; next = from + entries.length) {
      const last = Math.min(to, lastSeqOf(bucketOf(next, this.#bucketSize), this.#bucketSize))
      await this.#readBucket(log, next, last, entries)
      if (from + entries.length <= last) {
        break
      }
    }
    return entries
  }

  /** Appends next..last, which lie in one bucket, to `entries`; fewer only at the head. */
  async #readBucket(log: string, next: number, last: number, entries: string[]): Promise<void> {
    const partition = bucketPartition(log, bucketOf(next, this.#bucketSize))
    const range = { from: entryKey(next), to: entryKey(last + 1), limit: last - next + 1 }
    let seq = next
    for (const { key, value } of await this.#kv.scan(partition, range)) {
      for (const found = seqOfEntryKey(key); seq < found; seq++) {
        entries.push(await this.#readAgain(log, partition, seq))
      }
      entries.push(value)
      seq++
    }
    // A weak scan may end before the head; `get` is linearizable.
    for (; seq <= last; seq++) {
      const row = await this.#kv.get(partition, entryKey(seq))
      if (row === undefined) {
        return
      }
      entries.push(row.value)
    }
  }

  async #readAgain(log: string, partition: string, seq: number): Promise<string> {
    const row = await this.#kv.get(partition, entryKey(seq))
    if (row === undefined) {
      throw new LogHole(`log ${log} has no entry ${seq} below its head`)
    }
    return row.value
  }
}

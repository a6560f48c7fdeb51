import type { Kv } from '../ports/kv/kv.ts'
import {
  ENTRY_KEYS_END,
  bucketOf,
  bucketPartition,
  entryKey,
  firstSeqOf,
  lastSeqOf,
  seqOfEntryKey,
} from './keys.ts'
import { RecentMap } from './recent-map.ts'

/** Logs whose head is remembered, at least. A forgotten one costs a few reads. */
export const HINTS_MAX = 32_768

/**
 * Finds the newest entry of a log. A hint is a seq known to be committed by an own commit or a read of kv, never by
 * a message: it may be old, never ahead.
 */
export class HeadFinder {
  readonly #kv: Kv
  readonly #bucketSize: number
  readonly #hints = new RecentMap<number>(HINTS_MAX)

  constructor(kv: Kv, bucketSize: number) {
    this.#kv = kv
    this.#bucketSize = bucketSize
  }

  hint(log: string): number | undefined {
    return this.#hints.get(log)
  }

  /** `seq` is known to be committed. */
  raise(log: string, seq: number): void {
    const known = this.#hints.get(log)
    if (known === undefined || known < seq) {
      this.#hints.set(log, seq)
    }
  }

  /** Linearizable: the final read finds the next seq absent. */
  async find(log: string): Promise<number> {
    let head = this.#hints.get(log) ?? (await this.#search(log))
    while (await this.exists(log, head + 1)) {
      head = Math.max(head + 1, await this.newestInBucket(log, head + 1))
    }
    this.raise(log, head)
    return head
  }

  /** Raises the hint, if there is one, to what a scan of its bucket shows: cheap, and not linearizable. */
  async refresh(log: string): Promise<void> {
    const known = this.#hints.get(log)
    if (known !== undefined) {
      this.raise(log, await this.newestInBucket(log, known + 1))
    }
  }

  async exists(log: string, seq: number): Promise<boolean> {
    const row = await this.#kv.get(bucketPartition(log, bucketOf(seq, this.#bucketSize)), entryKey(seq))
    return row !== undefined
  }

  /** Newest seq in the bucket of `seq` as far as a scan tells, which may miss what is just being committed; else 0. */
  newestInBucket(log: string, seq: number): Promise<number> {
    return this.#newestOf(log, bucketOf(seq, this.#bucketSize))
  }

  /** Head of a log nothing is known about: one read for a short log, O(log n) for a long one. */
  async #search(log: string): Promise<number> {
    const newest = await this.#newestOf(log, 0)
    if (newest < lastSeqOf(0, this.#bucketSize) || !(await this.#hasBucket(log, 1))) {
      return newest
    }
    const bucket = await this.#lastBucket(log)
    const first = firstSeqOf(bucket, this.#bucketSize)
    return Math.max(first, await this.newestInBucket(log, first))
  }

  /** Doubles until a bucket is missing, then halves the interval. Bucket 1 exists. */
  async #lastBucket(log: string): Promise<number> {
    let present = 1
    let absent = 2
    while (await this.#hasBucket(log, absent)) {
      present = absent
      absent *= 2
    }
    while (absent - present > 1) {
      const middle = present + Math.floor((absent - present) / 2)
      if (await this.#hasBucket(log, middle)) {
        present = middle
      } else {
        absent = middle
      }
    }
    return present
  }

  #hasBucket(log: string, bucket: number): Promise<boolean> {
    return this.exists(log, firstSeqOf(bucket, this.#bucketSize))
  }

  async #newestOf(log: string, bucket: number): Promise<number> {
    const [row] = await this.#kv.scan(bucketPartition(log, bucket), {
      from: entryKey(firstSeqOf(bucket, this.#bucketSize)),
      to: ENTRY_KEYS_END,
      limit: 1,
      reverse: true,
    })
    return row === undefined ? 0 : seqOfEntryKey(row.key)
  }
}

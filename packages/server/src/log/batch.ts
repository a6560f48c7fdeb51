import type { Change, Expectation, Put } from '../ports/kv/kv.ts'
import { dedupeValue, entryKey } from './keys.ts'
import { encodeEntry } from './log.ts'
import type { Pending } from './pending.ts'

/** Entries in one commit. */
export const BATCH_ENTRIES_MAX = 64
/** Bytes of bodies in one commit; a single larger entry still goes alone. Cassandra refuses batches over 50 KB. */
export const BATCH_BYTES_MAX = 48 * 1024

export interface Batch {
  readonly firstSeq: number
  readonly appends: readonly Pending[]
  /** Encoded, in seq order. */
  readonly entries: readonly string[]
  readonly change: Change
}

/** How many of the first of `queue` fit into one commit with `room` seqs left in the bucket. */
export function batchLength(queue: readonly Pending[], room: number): number {
  const most = Math.min(queue.length, room, BATCH_ENTRIES_MAX)
  let bytes = 0
  let length = 0
  for (; length < most; length++) {
    bytes += (queue[length] as Pending).bytes
    if (bytes > BATCH_BYTES_MAX && length > 0) {
      return length
    }
  }
  return length
}

/** One conditional commit that both allocates the seqs and stores the entries with their dedupe rows. */
export function makeBatch(appends: readonly Pending[], firstSeq: number, dedupeRows: boolean): Batch {
  const expect: Expectation[] = []
  const put: Put[] = []
  const entries: string[] = []
  let seq = firstSeq
  for (const { request, key } of appends) {
    const entry = encodeEntry(seq, request.body)
    const row = entryKey(seq)
    entries.push(entry)
    expect.push({ key: row, rev: null })
    put.push({ key: row, value: entry })
    if (dedupeRows) {
      expect.push({ key, rev: null })
      put.push({ key, value: dedupeValue(seq, request.sha) })
    }
    seq++
  }
  return { firstSeq, appends, entries, change: { expect, put } }
}

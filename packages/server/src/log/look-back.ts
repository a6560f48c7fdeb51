import type { Kv } from '../ports/kv/kv.ts'
import { type Dedupe, bucketPartition, parseDedupe } from './keys.ts'

/** Rows asked of kv at once. */
const LOOK_BACK_ROWS = 256

/**
 * What the buckets from..to (`to` excluded) say about an operation. A bucket whose last entry exists is sealed: no
 * insert finds a free row in it, so an absence read after that is final.
 */
export async function lookBack(
  kv: Kv,
  log: string,
  key: string,
  { from, to }: { from: number; to: number },
): Promise<Dedupe | undefined> {
  for (let start = from; start < to; start += LOOK_BACK_ROWS) {
    const length = Math.min(LOOK_BACK_ROWS, to - start)
    const refs = Array.from({ length }, (_, index) => ({
      partition: bucketPartition(log, start + index),
      key,
    }))
    const row = (await kv.getMany(refs)).find((found) => found !== undefined)
    if (row !== undefined) {
      return parseDedupe(row.value)
    }
  }
  return undefined
}

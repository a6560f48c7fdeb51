import type { Kv, RowRef } from '../ports/kv/kv.ts'
import { type Dedupe, bucketPartition, parseDedupe } from './keys.ts'

/** Rows asked of kv at once. */
export const LOOK_BACK_ROWS = 256

/** Which buckets may hold the dedupe row of an operation: from..to, `to` excluded. */
export interface LookBack {
  readonly key: string
  readonly from: number
  readonly to: number
}

/**
 * What buckets say about operations, by their keys. A bucket whose last entry exists is sealed: no insert finds a free
 * row in it, so an absence read after that is final.
 */
export async function lookBack(
  kv: Kv,
  log: string,
  wanted: readonly LookBack[],
): Promise<Map<string, Dedupe>> {
  const found = new Map<string, Dedupe>()
  let refs: RowRef[] = []
  const read = async () => {
    const rows = await kv.getMany(refs)
    rows.forEach((row, index) => {
      if (row !== undefined) {
        found.set((refs[index] as RowRef).key, parseDedupe(row.value))
      }
    })
    refs = []
  }
  for (const { key, from, to } of wanted) {
    for (let bucket = from; bucket < to && !found.has(key); bucket++) {
      refs.push({ partition: bucketPartition(log, bucket), key })
      if (refs.length === LOOK_BACK_ROWS) {
        await read()
      }
    }
  }
  if (refs.length > 0) {
    await read()
  }
  return found
}

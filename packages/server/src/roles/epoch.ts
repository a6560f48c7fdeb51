import { type Random, randomId } from '@tam/util'
import type { Kv } from '../ports/kv/kv.ts'

const PARTITION = 'server'
const KEY = 'epoch'
const EPOCH_LENGTH = 12

/** The identity of the store's history, made at its first start. Cursors of another epoch are void. */
export async function readEpoch(kv: Kv, random: Random): Promise<string> {
  const row = await kv.get(PARTITION, KEY)
  if (row !== undefined) {
    return row.value
  }
  await kv.commit(PARTITION, {
    expect: [{ key: KEY, rev: null }],
    put: [{ key: KEY, value: randomId(random, EPOCH_LENGTH) }],
  })
  return readEpoch(kv, random)
}

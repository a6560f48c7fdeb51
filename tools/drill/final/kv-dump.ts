import type { Entry } from '@tam/protocol'
import { type KeyedRow, type Kv, prefixEnd } from '@tam/server/ports/kv/kv.ts'
import { STORE } from '../checker/history.ts'
import type { Recorder } from '../recorder.ts'

const PAGE_ROWS = 1_000

/**
 * Records the logs `convs` as the store holds them, entries and dedupe rows, through the port: the same for every
 * engine. Nothing may be written meanwhile.
 */
export async function dumpKv(kv: Kv, convs: readonly string[], recorder: Recorder): Promise<void> {
  for (const conv of convs) {
    recorder.add({ type: 'dump', node: STORE, conv, scope: 'all' })
    for (let bucket = 0; await dumpBucket(kv, { conv, bucket }, recorder); bucket++) {
      // The first bucket without an entry is the one after the last.
    }
  }
}

interface Bucket {
  readonly conv: string
  readonly bucket: number
}

/** False when the bucket holds no entry. */
async function dumpBucket(kv: Kv, { conv, bucket }: Bucket, recorder: Recorder): Promise<boolean> {
  const partition = `log/${conv}/${bucket}`
  let entries = 0
  for await (const { value } of rows(kv, partition, 'm/')) {
    const entry = JSON.parse(value) as Entry
    const common = { node: STORE, conv, kind: entry.type, bucket }
    recorder.add({ type: 'final', ...common, ...recorder.seen(conv, entry) })
    entries++
  }
  for await (const { key, value } of rows(kv, partition, 'd/')) {
    const [, author = '', cid = ''] = key.split('/')
    const seq = Number(value.split(' ')[0])
    recorder.add({ type: 'dedupe', conv, bucket, author, cid, seq: Number.isInteger(seq) ? seq : null })
  }
  return entries > 0
}

async function* rows(kv: Kv, partition: string, prefix: string): AsyncGenerator<KeyedRow> {
  for (let from = prefix; ;) {
    const page = await kv.scan(partition, { from, to: prefixEnd(prefix), limit: PAGE_ROWS })
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE_ROWS) {
      return
    }
    from = `${last.key}\u0000`
  }
}

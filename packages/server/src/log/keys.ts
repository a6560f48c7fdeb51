import { assert } from '@tam/util'

/** Entries in one bucket, which is one partition of kv. Changing it makes every existing log unreadable. */
export const BUCKET_SIZE = 10_000

const SEQ_DIGITS = 10
export const SEQ_MAX = 10 ** SEQ_DIGITS - 1

/** The only value of a dedupe row without an entry: the operation was refused and will never be stored. */
export const VOID = 'void'

export function bucketOf(seq: number, bucketSize: number): number {
  return Math.floor((seq - 1) / bucketSize)
}

export function firstSeqOf(bucket: number, bucketSize: number): number {
  return bucket * bucketSize + 1
}

export function lastSeqOf(bucket: number, bucketSize: number): number {
  return (bucket + 1) * bucketSize
}

export function bucketPartition(log: string, bucket: number): string {
  return `log/${log}/${bucket}`
}

/** The log that a bucket is part of. */
export function logOfBucket(partition: string): string {
  return partition.slice(partition.indexOf('/') + 1, partition.lastIndexOf('/'))
}

export function entryKey(seq: number): string {
  assert(seq > 0 && seq <= SEQ_MAX, `seq ${seq} does not fit a key`)
  return `m/${String(seq).padStart(SEQ_DIGITS, '0')}`
}

export function seqOfEntryKey(key: string): number {
  return Number(key.slice(2))
}

/** The `to` of a scan over every entry of a bucket. */
export const ENTRY_KEYS_END = 'm0'

export function dedupeKey(author: string, cid: string): string {
  return `d/${author}/${cid}`
}

export function dedupeValue(seq: number, sha: string): string {
  return `${seq} ${sha}`
}

/** What a dedupe row says about its operation. */
export type Dedupe =
  | { readonly kind: 'stored'; readonly seq: number; readonly sha: string }
  | { readonly kind: 'refused' }

export function parseDedupe(value: string): Dedupe {
  if (value === VOID) {
    return { kind: 'refused' }
  }
  const space = value.indexOf(' ')
  return { kind: 'stored', seq: Number(value.slice(0, space)), sha: value.slice(space + 1) }
}

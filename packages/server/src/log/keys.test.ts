import { expect, test } from 'bun:test'
import { bucketOf, dedupeValue, entryKey, firstSeqOf, lastSeqOf, parseDedupe, seqOfEntryKey } from './keys.ts'

test('buckets meet without gap or overlap', () => {
  for (let bucket = 0; bucket < 50; bucket++) {
    expect(bucketOf(firstSeqOf(bucket, 7), 7)).toBe(bucket)
    expect(bucketOf(lastSeqOf(bucket, 7), 7)).toBe(bucket)
    expect(firstSeqOf(bucket + 1, 7)).toBe(lastSeqOf(bucket, 7) + 1)
  }
})

test('entry keys sort as their seqs and give them back', () => {
  const seqs = [1, 9, 10, 99, 100, 9_999_999_999]
  expect(seqs.map(entryKey).toSorted()).toEqual(seqs.map(entryKey))
  expect(seqs.map(entryKey).map(seqOfEntryKey)).toEqual(seqs)
  expect(() => entryKey(10_000_000_000)).toThrow()
  expect(() => entryKey(0)).toThrow()
})

test('dedupe values give back what they were made of', () => {
  expect(parseDedupe(dedupeValue(12, 'abc def'))).toEqual({ kind: 'stored', seq: 12, sha: 'abc def' })
  expect(parseDedupe('void')).toEqual({ kind: 'refused' })
})

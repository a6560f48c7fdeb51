import { expect, test } from 'bun:test'
import { decodeDigest, encodeDigest } from './digest.ts'

test('a digest comes back as it was told', () => {
  const heads = [
    { log: 'nhom-1', seq: 7 },
    { log: 'an', seq: 0 },
  ]
  for (const digest of [
    { node: 'n1', number: 1, isLast: false, heads: [] },
    { node: 'n1', number: 2, isLast: true, heads },
  ]) {
    expect(decodeDigest(encodeDigest(digest))).toEqual(digest)
  }
})

test('what is no digest says nothing', () => {
  for (const message of [
    '',
    'n1',
    'n1 0 d',
    'n1 -1 d',
    'n1 1.5 d',
    'n1 1 x',
    ' 1 d',
    'n1 1 d\n',
    'n1 1 d\nlog',
    'n1 1 d\nlog ',
    'n1 1 d\nlog -1',
    'n1 1 d\n 5',
    `n1 1 d\nlog ${2 ** 60}`,
    'n1 1 d\nlog 5\nx',
  ]) {
    expect({ message, digest: decodeDigest(message) }).toEqual({ message, digest: undefined })
  }
})

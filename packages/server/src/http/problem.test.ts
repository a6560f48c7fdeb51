import { expect, test } from 'bun:test'
import { BlobsFull, BlobsUnavailable } from '../ports/blobs/blobs.ts'
import { StorageFull, UnknownOutcome } from '../ports/kv/kv.ts'
import { toAppError } from './problem.ts'

test('what a port cannot do is told by its code, a bug by none', () => {
  const codes = [new StorageFull('x'), new BlobsFull('x'), new BlobsUnavailable('x'), new UnknownOutcome('x')]
  expect(codes.map((error) => toAppError(error)?.code)).toEqual([
    'storage_full',
    'storage_full',
    'unavailable',
    'unknown',
  ])
  expect(toAppError(new TypeError('a bug'))).toBeUndefined()
})

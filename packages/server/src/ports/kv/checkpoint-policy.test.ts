import { expect, test } from 'bun:test'
import { CheckpointPolicy } from './checkpoint-policy.ts'

const policyOf = () => new CheckpointPolicy({ startFrames: 1_000, maxFrames: 5_000 })

test('a small WAL is left alone', () => {
  const policy = policyOf()
  expect([policy.committed(500), policy.committed(499)]).toEqual(['none', 'none'])
  expect(policy.committed(1)).toBe('pass')
})

test('passes run beside the commits until little is left, then one holds them, and the WAL starts over', () => {
  const policy = policyOf()
  expect(policy.committed(1_000)).toBe('pass')
  expect(policy.committed(600)).toBe('none')
  expect(policy.checkpointed(1_000, 1_000)).toBe('pass')
  expect(policy.committed(50)).toBe('none')
  expect(policy.checkpointed(1_600, 1_600)).toBe('last-pass')
  expect(policy.committed(20)).toBe('none')
  expect(policy.checkpointed(1_670, 1_670)).toBe('none')
  expect(policy.committed(900)).toBe('none')
  expect(policy.committed(100)).toBe('pass')
})

test('at the cap commits wait for the running pass, and for the last one however much is left', () => {
  const policy = policyOf()
  policy.committed(1_000)
  expect(policy.committed(3_999)).toBe('none')
  expect(policy.committed(1)).toBe('hold')
  expect(policy.checkpointed(1_000, 1_000)).toBe('last-pass')
})

test('a WAL that something keeps from starting over is not checkpointed again at once', () => {
  const policy = policyOf()
  policy.committed(1_000)
  expect(policy.checkpointed(5_000, 5)).toBe('last-pass')
  expect(policy.checkpointed(5_000, 5)).toBe('none')
  expect(policy.committed(999)).toBe('none')
  expect(policy.committed(1)).toBe('pass')
})

test('a checkpoint that failed for lack of space is tried again later', () => {
  const policy = policyOf()
  policy.committed(1_000)
  expect(policy.checkpointed(0, 0)).toBe('none')
  expect(policy.committed(999)).toBe('none')
  expect(policy.committed(1)).toBe('pass')
})

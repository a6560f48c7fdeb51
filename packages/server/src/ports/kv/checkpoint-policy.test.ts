import { expect, test } from 'bun:test'
import { CHECKPOINT_FRAMES, CheckpointPolicy, WAL_FRAMES_MAX } from './checkpoint-policy.ts'

test('a small WAL is left alone', () => {
  expect(new CheckpointPolicy().committed(CHECKPOINT_FRAMES - 1)).toBe('none')
})

test('passes run beside the commits until little is left, then one holds them', () => {
  const policy = new CheckpointPolicy()
  expect(policy.committed(CHECKPOINT_FRAMES)).toBe('pass')
  expect(policy.committed(CHECKPOINT_FRAMES + 500)).toBe('none')
  expect(policy.checkpointed(CHECKPOINT_FRAMES + 2_000, CHECKPOINT_FRAMES)).toBe('pass')
  expect(policy.checkpointed(CHECKPOINT_FRAMES + 2_500, CHECKPOINT_FRAMES + 2_000)).toBe('last-pass')
  expect(policy.committed(CHECKPOINT_FRAMES + 2_600)).toBe('none')
  expect(policy.checkpointed(CHECKPOINT_FRAMES + 2_600, CHECKPOINT_FRAMES + 2_600)).toBe('none')
  expect(policy.committed(CHECKPOINT_FRAMES - 1)).toBe('none')
  expect(policy.committed(CHECKPOINT_FRAMES)).toBe('pass')
})

test('at the cap commits wait for the running pass, and for the last one however much is left', () => {
  const policy = new CheckpointPolicy()
  policy.committed(CHECKPOINT_FRAMES)
  expect(policy.committed(WAL_FRAMES_MAX)).toBe('hold')
  expect(policy.checkpointed(WAL_FRAMES_MAX, 5)).toBe('last-pass')
})

test('a WAL that something keeps from starting over is not checkpointed again at once', () => {
  const policy = new CheckpointPolicy()
  policy.committed(CHECKPOINT_FRAMES)
  policy.checkpointed(WAL_FRAMES_MAX, 5)
  expect(policy.checkpointed(WAL_FRAMES_MAX, 5)).toBe('none')
  expect(policy.committed(WAL_FRAMES_MAX + 1)).toBe('none')
  expect(policy.committed(WAL_FRAMES_MAX + CHECKPOINT_FRAMES)).toBe('pass')
})

test('a checkpoint that failed for lack of space is tried again later', () => {
  const policy = new CheckpointPolicy()
  policy.committed(CHECKPOINT_FRAMES)
  expect(policy.checkpointed(0, 0)).toBe('none')
  expect(policy.committed(CHECKPOINT_FRAMES)).toBe('pass')
})

import { expect, test } from 'bun:test'
import { slotOf } from './slots.ts'

// Answers of CLUSTER KEYSLOT.
test.each([
  ['123456789', 12739],
  ['foo', 12182],
  ['{foo}.bar', 12182],
  ['a{foo}b{bar}', 12182],
  ['', 0],
])('the slot of %p is %p', (key, slot) => {
  expect(slotOf(key)).toBe(slot)
})

test('an empty or open pair of braces is part of the key', () => {
  expect(slotOf('{}foo')).not.toBe(slotOf('foo'))
  expect(slotOf('{foo')).not.toBe(slotOf('foo'))
})

import { expect, test } from 'bun:test'
import { gcra, take } from './gcra.ts'

test('grants the burst at once, then one per interval, and nothing for having waited longer', () => {
  const limit = gcra(10, 1_000, 3, 1)
  let at = 0
  const granted = (now: number): boolean => {
    const next = take(limit, at, now)
    at = next < 0 ? at : next
    return next >= 0
  }
  expect([0, 0, 0, 0].map(granted)).toEqual([true, true, true, false])
  expect([99, 100, 100, 200].map(granted)).toEqual([false, true, false, true])
  expect([60_000, 60_000, 60_000, 60_000].map(granted)).toEqual([true, true, true, false])
})

test('a cost larger than the burst is never granted; a scale multiplies rate and burst', () => {
  expect(take(gcra(10, 1_000, 3, 1), 0, 0, 4)).toBe(-1)
  expect(take(gcra(10, 1_000, 3, 2), 0, 0, 6)).toBe(300)
})

import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { READ_PACE_MS } from '../limits.ts'
import { ReadPace } from './read-pace.ts'

function setUp() {
  const clock = new FakeClock()
  const pace = new ReadPace(clock)
  const taken: [user: string, conv: string, seq: number][] = []
  const read = (user: string, conv: string, seq: number) =>
    pace.admit(user, conv, seq, (position) => void taken.push([user, conv, position]))
  return { clock, pace, taken, read }
}

test('the first position counts at once, then the furthest of each while', () => {
  const { clock, taken, read } = setUp()
  for (const seq of [1, 2, 9, 3]) {
    read('an', 'c', seq)
  }
  expect(taken).toEqual([['an', 'c', 1]])
  clock.advance(READ_PACE_MS)
  expect(taken).toEqual([
    ['an', 'c', 1],
    ['an', 'c', 9],
  ])
  read('an', 'c', 10)
  expect(taken).toHaveLength(2)
  clock.advance(READ_PACE_MS)
  expect(taken.at(-1)).toEqual(['an', 'c', 10])
})

test('people and conversations do not wait for each other', () => {
  const { taken, read } = setUp()
  read('an', 'c', 1)
  read('an', 'd', 1)
  read('binh', 'c', 1)
  expect(taken).toHaveLength(3)
})

test('nothing is kept of who has read, nor after a stop', () => {
  const { clock, pace, taken, read } = setUp()
  read('an', 'c', 1)
  clock.advance(READ_PACE_MS)
  expect(clock.pending).toBe(0)
  read('an', 'c', 2)
  read('an', 'c', 3)
  pace.stop()
  expect(clock.pending).toBe(0)
  expect(taken).toHaveLength(2)
})

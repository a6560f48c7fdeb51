import { expect, test } from 'bun:test'
import { RecentMap } from './recent-map.ts'

test('holds at least its maximum of the newest keys, and at most twice that', () => {
  const map = new RecentMap<number>(10)
  for (let index = 0; index < 1_000; index++) {
    map.set(`k${index}`, index)
  }
  const held = Array.from({ length: 1_000 }, (_, index) => map.get(`k${index}`)).filter(
    (value) => value !== undefined,
  )
  expect(held.length).toBeWithin(10, 21)
  expect(map.get('k999')).toBe(999)
})

test('what is read stays', () => {
  const map = new RecentMap<number>(10)
  map.set('kept', 1)
  for (let index = 0; index < 1_000; index++) {
    map.set(`k${index}`, index)
    expect(map.get('kept')).toBe(1)
  }
})

test('a key is replaced, not added', () => {
  const map = new RecentMap<number>(2)
  map.set('a', 1)
  map.set('b', 1)
  map.set('a', 2)
  map.set('b', 2)
  expect([map.get('a'), map.get('b')]).toEqual([2, 2])
})

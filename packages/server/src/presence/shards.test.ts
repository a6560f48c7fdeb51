import { expect, test } from 'bun:test'
import { seededRandom, randomId } from '@tam/util'
import { SHARDS } from './limits.ts'
import { ownerOf, shardOf } from './shards.ts'

const NUMBERS = Array.from({ length: SHARDS }, (_, number) => number)

test('people are spread evenly over the shards', () => {
  const random = seededRandom(7)
  const counts = new Map<number, number>()
  for (let i = 0; i < 100_000; i++) {
    const shard = shardOf(randomId(random, 12))
    counts.set(shard, (counts.get(shard) ?? 0) + 1)
  }
  expect(counts.size).toBe(SHARDS)
  expect(Math.min(...counts.values())).toBeGreaterThan(300)
  expect(Math.max(...counts.values())).toBeLessThan(490)
})

test('servers agree, share about evenly, and one that goes moves its own shards only', () => {
  const servers = ['p-a7', 'p-b2', 'p-c9', 'p-d4']
  const before = NUMBERS.map((number) => ownerOf(number, servers))
  expect(NUMBERS.map((number) => ownerOf(number, servers.toReversed()))).toEqual(before)
  for (const server of servers) {
    expect(before.filter((owner) => owner === server).length).toBeWithin(44, 85)
  }
  const after = NUMBERS.map((number) => ownerOf(number, servers.slice(1)))
  expect(after.filter((owner, i) => owner !== before[i] && before[i] !== 'p-a7')).toEqual([])
  expect(ownerOf(3, [])).toBeUndefined()
})

import { expect, test } from 'bun:test'
import { cacheContract, leasesContract } from './cache.contract.ts'
import { CacheUnavailable } from './cache.ts'
import { LEASE_GROUPS_MAX, MemoryCache } from './cache.memory.ts'

function open(entriesMax?: number) {
  let now = 1_000
  const clock = { monotonic: () => now }
  const cache = new MemoryCache(entriesMax === undefined ? { clock } : { clock, entriesMax })
  const pass = async (ms: number) => {
    now += ms
  }
  return { cache, pass }
}

cacheContract('memory', async () => open())
leasesContract('memory', async () => open())

test('past its limit the oldest written values vanish', async () => {
  const { cache } = open(3)
  for (const key of ['a', 'b', 'c', 'a', 'd']) {
    await cache.set(key, key, 1_000)
  }
  const left = await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.get(key)))
  expect(left).toEqual(['a', undefined, 'c', 'd'])
})

test('past its limit the longest unused buckets vanish', async () => {
  const { cache } = open(2)
  const rate = { count: 1, periodMs: 1_000, burst: 1 }
  for (const key of ['a', 'b', 'c']) {
    expect(await cache.take(key, rate)).toBe(0)
  }
  expect(await cache.take('c', rate)).toBe(1_000)
  expect(await cache.take('a', rate)).toBe(0)
})

test('groups of leases are limited, and those that ended make room', async () => {
  const { cache, pass } = open()
  const lease = (group: number) => ({ group: String(group), holder: 'h', value: '' })
  await cache.hold(
    Array.from({ length: LEASE_GROUPS_MAX }, (_, group) => lease(group)),
    1_000,
  )
  const refused = await cache.hold([lease(-1)], 1_000).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CacheUnavailable)
  await cache.hold([lease(7)], 1_000)
  await pass(1_000)
  await cache.hold([lease(-1)], 1_000)
  expect(await cache.held(['-1', '7'])).toEqual([[{ holder: 'h', value: '' }], []])
})

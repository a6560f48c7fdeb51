import { expect, test } from 'bun:test'
import { cacheContract, leasesContract } from './cache.contract.ts'
import { FALLBACK_MS, FallbackCache } from './cache.fallback.ts'
import { MemoryCache } from './cache.memory.ts'
import { type Cache, CacheUnavailable } from './cache.ts'

function setup() {
  let now = 1_000
  const clock = { monotonic: () => now }
  const changes: boolean[] = []
  const state = { isDown: false, calls: 0 }
  const memory = new MemoryCache({ clock })
  const shared = new Proxy<Cache>(memory, {
    get(_, name: keyof Cache) {
      return async (...args: never[]) => {
        state.calls++
        if (state.isDown) {
          throw new CacheUnavailable('down')
        }
        return (memory[name] as (...args: never[]) => unknown).apply(memory, args)
      }
    },
  })
  const cache = new FallbackCache({
    shared,
    local: new MemoryCache({ clock }),
    clock,
    onChange: (isLocal) => changes.push(isLocal),
  })
  const pass = async (ms: number) => {
    now += ms
  }
  return { cache, shared, state, changes, pass }
}

const rate = { count: 1, periodMs: 10_000, burst: 1 }

cacheContract('fallback while all is well', async () => setup())

cacheContract('fallback while the shared cache is down', async () => {
  const under = setup()
  under.state.isDown = true
  return under
})

leasesContract('fallback while all is well', async () => setup())

test('leases are never those of one server alone', async () => {
  const { cache, state } = setup()
  state.isDown = true
  for (const call of [cache.hold([], 1_000), cache.held(['g'])]) {
    expect(await call.catch((error: unknown) => error)).toBeInstanceOf(CacheUnavailable)
  }
})

test('limits stay while the shared cache is down, and it is left alone for a while', async () => {
  const { cache, state, changes } = setup()
  expect(await cache.take('a', rate)).toBe(0)
  state.isDown = true
  state.calls = 0
  expect(await cache.take('a', rate)).toBe(0)
  expect(await cache.take('a', rate)).toBe(10_000)
  expect(await cache.get('a')).toBeUndefined()
  expect(state.calls).toBe(1)
  expect(changes).toEqual([true])
})

test('one call tries it again, and all return when it succeeds', async () => {
  const { cache, state, changes, pass } = setup()
  await cache.set('a', 'shared', 60_000)
  state.isDown = true
  await cache.get('a')
  await pass(FALLBACK_MS)
  state.calls = 0
  await Promise.all([cache.get('a'), cache.get('a'), cache.get('a')])
  expect(state.calls).toBe(1)
  state.isDown = false
  await pass(FALLBACK_MS - 1)
  expect(await cache.get('a')).toBeUndefined()
  await pass(1)
  expect(await cache.get('a')).toBe('shared')
  expect(changes).toEqual([true, false])
})

test('other errors are not hidden', async () => {
  const { cache, shared } = setup()
  const broken = new FallbackCache({
    shared: { ...shared, get: () => Promise.reject(new TypeError('bug')) },
    local: cache,
    clock: { monotonic: () => 0 },
    onChange() {},
  })
  expect(broken.get('a')).rejects.toThrow(TypeError)
})

import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import pino from 'pino'
import { parseConfig } from '../config/config.ts'
import { CacheUnavailable } from '../ports/cache/cache.ts'
import { MemoryCache } from '../ports/cache/cache.memory.ts'
import { openNotifyRole, SWEEP_MS } from './notify.ts'

const { signal } = new AbortController()
const FLEET = { TAM_ROLES: 'notify', TAM_KV_URL: 'unix:///kv', TAM_REDIS_URL: 'redis://cache' }

function setUp(settings: Record<string, string>) {
  const clock = new FakeClock()
  const shared = new MemoryCache({ clock })
  const sweeps: { by: string; all: boolean }[] = []
  const server = (by: string, sweep = async () => {}) =>
    openNotifyRole({
      clock,
      config: parseConfig(settings),
      logger: pino({ level: 'silent' }),
      engines: { cache: { take: (key, rate) => cache.take(key, rate) } },
      services: {
        conversations: {
          async sweep({ all = false } = {}) {
            sweeps.push({ by, all })
            await sweep()
            return { finished: 0, failed: 0 }
          },
        },
      },
    })
  const cache = { take: shared.take.bind(shared) as MemoryCache['take'] }
  const pass = async () => {
    clock.advance(SWEEP_MS)
    await Bun.sleep(0)
    return sweeps.splice(0)
  }
  return { clock, cache, server, sweeps, pass }
}

test('one server at a time sweeps, and another one when that is gone', async () => {
  const { server, pass } = setUp(FLEET)
  const [one, two] = [server('one'), server('two')]
  await one.start?.(signal)
  await two.start?.(signal)
  for (let round = 0; round < 5; round++) {
    expect(await pass()).toHaveLength(1)
  }
  await one.stop?.()
  expect(await pass()).toEqual([{ by: 'two', all: false }])
})

test('without a cache to agree by, everybody sweeps', async () => {
  const { cache, server, pass } = setUp(FLEET)
  cache.take = () => Promise.reject(new CacheUnavailable('away'))
  await server('one').start?.(signal)
  await server('two').start?.(signal)
  expect(await pass()).toHaveLength(2)
})

test('who owns the store finishes everything before it serves', async () => {
  const { server, sweeps, pass } = setUp({})
  await server('one').start?.(signal)
  expect(sweeps.splice(0)).toEqual([{ by: 'one', all: true }])
  expect(await pass()).toEqual([{ by: 'one', all: false }])
})

test('a drain waits for the sweep that runs', async () => {
  const { clock, server } = setUp(FLEET)
  const gate = Promise.withResolvers<void>()
  const role = server('one', () => gate.promise)
  await role.start?.(signal)
  clock.advance(SWEEP_MS)
  await Bun.sleep(0)
  let isDrained = false
  const drained = Promise.resolve(role.drain?.()).then(() => (isDrained = true))
  await Bun.sleep(0)
  expect(isDrained).toBe(false)
  gate.resolve()
  await drained
})

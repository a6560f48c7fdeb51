import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import pino from 'pino'
import { RATE_LIMITS, userBucket } from '../../http/rate-limits.ts'
import { type Cache, CacheUnavailable } from '../../ports/cache/cache.ts'
import { MemoryCache } from '../../ports/cache/cache.memory.ts'
import { LocalUser } from '../hub/state.ts'
import { SendLimit } from './send-limit.ts'

const { burst, count, periodMs } = RATE_LIMITS.send.user
const PER_MESSAGE_MS = periodMs / count

/** Servers that share one cache, and a person with a connection to each. */
function setUp(take?: Cache['take']) {
  const clock = new FakeClock()
  const cache = new MemoryCache({ clock })
  const shared = { take: take ?? cache.take.bind(cache) }
  const newServer = () => {
    const limit = new SendLimit({
      clock,
      cache: shared,
      rateLimitScale: 1,
      logger: pino({ level: 'silent' }),
    })
    const user = new LocalUser('an')
    return { limit, user, send: () => limit.admits(user) }
  }
  return { clock, cache, newServer }
}

/** Lets charges under way finish. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

/** Tries to send `times` times, as frames that arrive one after another: how many passed. */
async function passed(send: () => boolean, times: number): Promise<number> {
  let admitted = 0
  for (let i = 0; i < times; i++) {
    admitted += send() ? 1 : 0
    await settle()
  }
  return admitted
}

test('[LM] what was sent over HTTP is not free over the socket, and the other way round', async () => {
  const { cache, newServer } = setUp()
  const { send } = newServer()
  const overHttp = async () => (await cache.take(userBucket('send', 'an'), RATE_LIMITS.send.user)) === 0
  for (let i = 0; i < burst / 2; i++) {
    expect(await overHttp()).toBe(true)
  }
  // One more than there is room for: memory let it pass before the shared bucket refused it.
  expect(await passed(send, burst)).toBe(burst / 2 + 1)
  expect(await overHttp()).toBe(false)
})

test('[LM] the limit holds over servers, and one that went ahead waits until its debt is paid', async () => {
  const { clock, newServer } = setUp()
  const servers = [newServer(), newServer(), newServer()]
  let sent = 0
  for (const { send } of servers) {
    sent += await passed(send, burst)
  }
  expect(sent).toBeLessThanOrEqual(burst + servers.length - 1)
  const seconds = 120
  for (let ms = 0; ms < seconds * 1_000; ms += 100) {
    clock.advance(100)
    await settle()
    for (const { send } of servers) {
      sent += send() ? 1 : 0
      await settle()
    }
  }
  expect(sent).toBeLessThanOrEqual(burst + (seconds * 1_000) / PER_MESSAGE_MS + servers.length)
  expect(sent).toBeGreaterThan(burst + (seconds * 900) / PER_MESSAGE_MS)
})

test('what arrives while the cache is asked is one charge', async () => {
  const costs: number[] = []
  const asked = Promise.withResolvers<number>()
  const { newServer } = setUp((_key, _rate, cost = 1) => {
    costs.push(cost)
    return costs.length === 1 ? asked.promise : Promise.resolve(0)
  })
  const { send } = newServer()
  for (let i = 0; i < 20; i++) {
    expect(send()).toBe(true)
  }
  asked.resolve(0)
  await settle()
  expect(costs).toEqual([1, 19])
})

test('while the cache cannot be asked, or does not answer, each server keeps the limit for itself', async () => {
  const unavailable = setUp(() => Promise.reject(new CacheUnavailable('gone'))).newServer()
  expect(await passed(unavailable.send, 2 * burst)).toBe(burst)
  const silent = setUp(() => new Promise(() => {})).newServer()
  expect(await passed(silent.send, 2 * burst)).toBe(burst)
})

test('nothing is left behind when the server stops, nor when everything is paid', async () => {
  const { clock, cache, newServer } = setUp()
  await cache.take(userBucket('send', 'an'), RATE_LIMITS.send.user, burst)
  const { limit, send } = newServer()
  expect(await passed(send, 5)).toBe(1)
  expect(clock.pending).toBe(1)
  clock.advance(PER_MESSAGE_MS + 1)
  await settle()
  expect(clock.pending).toBe(0)
  expect(send()).toBe(true)
  await settle()
  limit.stop()
  expect(clock.pending).toBe(0)
})

import { afterEach, beforeEach, expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { seededRandom } from '@tam/util'
import pino from 'pino'
import { type RedisServer, startRedis } from '../../../../../tools/engines/redis/server.ts'
import { parseRedisUrl } from '../redis/redis-url.ts'
import { Channels } from './bus.redis.channels.ts'
import { RedisPublisher, WAITING_MS_MAX } from './bus.redis.publisher.ts'
import { FAULT_MS, closeAfterEach, connect, suite, until } from './tests/redis-bus.ts'

/** No shorter than the first pauses between attempts to connect, shorter than any wait for a greeting. */
const PAUSE_MS = 500
/** No faster than real time, in which Redis answers. */
const POLL_MS = 10

suite('what is published without a connection', () => {
  closeAfterEach()
  let redis: RedisServer
  let clock: FakeClock
  let publisher: RedisPublisher

  /** A publisher whose time stands still, so that it reconnects when the test says so, and never before. */
  beforeEach(async () => {
    redis = await startRedis()
    clock = new FakeClock()
    const options = { clock, random: seededRandom(1), logger: pino({ level: 'silent' }), purpose: 'publish' }
    const target = parseRedisUrl(redis.url)
    publisher = new RedisPublisher({ ...options, target }, new Channels(0, 'partition'), 'losses')
    await until(() => publisher.nodes.isConnected)
    await redis.kill()
    await until(() => !publisher.nodes.isConnected)
    await betweenAttempts()
  })

  afterEach(async () => {
    publisher.close()
    await redis[Symbol.asyncDispose]()
  })

  async function betweenAttempts(): Promise<void> {
    await until(() => (clock.untilNext() ?? Infinity) <= PAUSE_MS)
  }

  /** Starts Redis again and gives the publications of the topic, heard by another server. */
  async function listen(): Promise<readonly string[]> {
    await redis.start()
    const listener = await connect(redis.url)
    await listener.bus.subscribe('a', listener.hear)
    return listener.heard
  }

  test(
    'is sent in order when the connection returns in time',
    async () => {
      publisher.publish('a', '1')
      publisher.publish('a', '2')
      const heard = await listen()
      clock.advance(PAUSE_MS)
      await until(() => publisher.nodes.isConnected)
      publisher.publish('a', '3')
      await until(() => heard.includes('a 3'))
      expect(heard).toEqual(['a 1', 'a 2', 'a 3'])
      expect(publisher.dropped).toBe(0)
    },
    FAULT_MS,
  )

  test(
    'is dropped, and counted, when it has waited too long',
    async () => {
      publisher.publish('a', 'old')
      clock.advance(WAITING_MS_MAX + 1)
      await betweenAttempts()
      publisher.publish('a', 'new')
      const heard = await listen()
      await until(() => {
        clock.advance(POLL_MS)
        return publisher.nodes.isConnected
      })
      await until(() => heard.length > 0)
      expect(heard).toEqual(['a new'])
      expect(publisher.dropped).toBe(1)
    },
    FAULT_MS,
  )
})

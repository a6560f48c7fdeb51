import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type RedisServer, startRedis } from '../../../../../tools/engines/redis/server.ts'
import { busContract } from './bus.contract.ts'
import { Channels } from './bus.redis.channels.ts'
import { WAITING_MAX } from './bus.redis.publisher.ts'
import {
  connect,
  FAULT_MS,
  FOUND_MS,
  hearAll,
  isPinged,
  listenToAll,
  MANY,
  settle,
  suite,
  underTest,
  until,
  closeAfterEach,
} from './tests/redis-bus.ts'

suite('bus on one Redis', () => {
  closeAfterEach()
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis[Symbol.asyncDispose]())

  busContract('redis, a channel per partition', () => underTest(redis.url, 'partition'))
  busContract('redis, a channel per topic', () => underTest(redis.url, 'topic'))

  test('servers hear each other and themselves, in the order of each publisher', async () => {
    const [one, two] = await Promise.all([connect(redis.url), connect(redis.url)])
    await Promise.all([one.bus.subscribe('a', one.hear), two.bus.subscribe('a', two.hear)])
    for (let i = 0; i < 1_000; i++) {
      one.bus.publish('a', String(i))
    }
    const expected = Array.from({ length: 1_000 }, (_, i) => `a ${i}`)
    await until(() => one.heard.length === 1_000 && two.heard.length === 1_000)
    expect(one.heard).toEqual(expected)
    expect(two.heard).toEqual(expected)
    expect(one.bus.dropped).toBe(0)
  })

  test('who has lost publications tells it to the servers that have heard everything', async () => {
    const [one, two] = await Promise.all([connect(redis.url), connect(redis.url)])
    await redis.command('ACL', 'SETUSER', 'default', '-publish')
    one.bus.publish('a', '1')
    await until(() => one.bus.dropped === 1)
    await redis.command('ACL', 'SETUSER', 'default', '+publish')
    const before = two.discontinuities
    await until(() => two.discontinuities > before)
  })

  test('databases do not hear each other', async () => {
    const [zero, three] = await Promise.all([connect(redis.url), connect(redis.url.replace(/0$/, '3'))])
    await Promise.all([zero.bus.subscribe('a', zero.hear), three.bus.subscribe('a', three.hear)])
    three.bus.publish('a', '3')
    await until(() => three.heard.length === 1)
    await settle(zero.bus)
    expect(zero.heard).toEqual([])
  })

  test('topics that come and go leave nothing subscribed', async () => {
    const { bus, hear } = await connect(redis.url, 'topic')
    const all = async () => (await redis.command('PUBSUB', 'CHANNELS')) as string[]
    // What the bus listens to for itself stays.
    const subscribed = async () => (await all()).filter((channel) => !channel.endsWith('}losses')).length
    // When each is let go: confirmed, or not asked for yet, or on the way.
    for (const wait of [(added: Promise<void>[]) => Promise.all(added), undefined, () => Promise.resolve()]) {
      const added = MANY.map((topic) => bus.subscribe(topic, hear))
      await wait?.(added)
      for (const topic of MANY) {
        bus.unsubscribe(topic, hear)
      }
      await settle(bus)
      await until(async () => (await subscribed()) === 0)
    }
    const added = MANY.map((topic) => bus.subscribe(topic, hear))
    for (const topic of MANY) {
      bus.unsubscribe(topic, hear)
      void bus.subscribe(topic, hear)
    }
    await Promise.all(added)
    await until(async () => (await subscribed()) === MANY.length)
  })

  test(
    'killed and restarted: nothing throws, all is subscribed again, and told',
    async () => {
      await using own = await startRedis()
      const listener = await connect(own.url)
      await listenToAll(listener)
      await own.kill()
      await until(() => !listener.bus.isConnected)
      const started = performance.now()
      for (let i = 0; i < 3 * WAITING_MAX; i++) {
        listener.bus.publish('dead', 'x'.repeat(100))
      }
      await listener.bus.subscribe('late', listener.hear)
      expect(performance.now() - started).toBeLessThan(400)
      await until(() => listener.bus.dropped >= 2 * WAITING_MAX)
      expect(listener.discontinuities).toBe(0)
      await own.start()
      await until(() => listener.bus.isConnected && listener.discontinuities > 0)
      await hearAll(listener, listener.bus, [...MANY, 'late'])
      expect(listener.discontinuities).toBe(1)
      expect(listener.errors).toEqual([])
    },
    FAULT_MS,
  )

  test('the connection that listens is asked by pings of its own, and answers them', async () => {
    const listener = await connect(redis.url)
    await listenToAll(listener)
    await until(() => isPinged(redis))
    await hearAll(listener)
    expect(listener.discontinuities).toBe(0)
  })

  test('CLIENT KILL TYPE pubsub: publishing goes on, hearing returns', async () => {
    const [listener, other] = await Promise.all([connect(redis.url), connect(redis.url)])
    await listenToAll(listener)
    expect(await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')).toBe(2)
    await until(() => listener.discontinuities === 1)
    await hearAll(listener, other.bus)
    expect(listener.bus.dropped + other.bus.dropped).toBe(0)
  })

  test(
    'a subscriber that Redis finds too slow is cut off and comes back',
    async () => {
      await using own = await startRedis({ settings: ['--client-output-buffer-limit', 'pubsub 64kb 0 0'] })
      const listener = await connect(own.url)
      await listenToAll(listener)
      const big = 'x'.repeat(1024 * 1024)
      await own.command(
        'EVAL',
        `for i = 1, 64 do redis.call('PUBLISH', KEYS[1], ARGV[1]) end`,
        '1',
        new Channels(0, 'partition').of(MANY[0]!),
        big,
      )
      await until(() => listener.discontinuities >= 1)
      await hearAll(listener)
    },
    FAULT_MS,
  )

  test('CLIENT PAUSE: publications wait and arrive', async () => {
    const listener = await connect(redis.url)
    await listener.bus.subscribe('a', listener.hear)
    await redis.command('CLIENT', 'PAUSE', '600')
    const started = performance.now()
    listener.bus.publish('a', '1')
    await listener.bus.subscribe('b', listener.hear)
    expect(performance.now() - started).toBeLessThan(1_000)
    await until(() => listener.heard.length === 1)
    await hearAll(listener, listener.bus, ['a', 'b'])
    expect(listener.bus.isConnected).toBe(true)
  })

  test('FLUSHALL and SCRIPT FLUSH are not noticed', async () => {
    const listener = await connect(redis.url)
    await listenToAll(listener)
    await redis.flush()
    await hearAll(listener)
    expect(listener.discontinuities).toBe(0)
  })

  test(
    'half open: found within 7 s, publishers never wait, healed and told',
    async () => {
      await using own = await startRedis()
      const listener = await connect(own.url)
      await listenToAll(listener)
      own.pause()
      const paused = performance.now()
      for (let i = 0; i < 30_000; i++) {
        listener.bus.publish('a', 'x'.repeat(2_000))
      }
      expect(performance.now() - paused).toBeLessThan(2_000)
      await until(() => !listener.bus.isConnected)
      expect(performance.now() - paused).toBeLessThan(FOUND_MS)
      // The other connection is found by then too; resumed earlier, it would have missed nothing.
      await Bun.sleep(paused + FOUND_MS - performance.now())
      own.resume()
      await until(() => listener.bus.isConnected && listener.discontinuities > 0)
      await hearAll(listener)
    },
    FAULT_MS,
  )

  test(
    'opened without a server: subscribing does not wait, and hearing begins with the server',
    async () => {
      await using own = await startRedis()
      await own.kill()
      const listener = await connect(own.url)
      expect(listener.bus.isConnected).toBe(false)
      await listenToAll(listener)
      await own.start()
      await until(() => listener.discontinuities > 0)
      await hearAll(listener)
    },
    FAULT_MS,
  )

  test('a listener that throws disturbs nobody', async () => {
    const listener = await connect(redis.url)
    const broken = new Error('broken')
    listener.bus.onDiscontinuity(() => {
      throw broken
    })
    let isToldLast = false
    listener.bus.onDiscontinuity(() => {
      isToldLast = true
    })
    const stop = listener.bus.onDiscontinuity(() => listener.errors.push('stopped'))
    stop()
    await listener.bus.subscribe('a', listener.hear)
    await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await until(() => isToldLast)
    expect(listener.errors).toEqual([broken])
  })
})

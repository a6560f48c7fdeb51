import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { systemClock, systemRandom } from '@tam/util'
import pino from 'pino'
import { type RedisCluster, startRedisCluster } from '../../../../../tools/engines/redis/cluster.ts'
import { type RedisServer, startRedis } from '../../../../../tools/engines/redis/server.ts'
import { parseRedisUrl } from '../redis/redis-url.ts'
import { slotOf } from '../redis/slots.ts'
import { cacheContract, leasesContract } from './cache.contract.ts'
import { FallbackCache } from './cache.fallback.ts'
import { MemoryCache } from './cache.memory.ts'
import { createTakeScript } from './cache.redis.take.ts'
import { RedisCache } from './cache.redis.ts'
import { CacheUnavailable, type Rate } from './cache.ts'

const isWanted = process.env.TAM_TEST_REDIS === '1'
const suite = isWanted ? describe : describe.skip

function open(url: string, time?: string, lines?: string[]): Promise<RedisCache> {
  return RedisCache.open({
    clock: systemClock,
    random: systemRandom,
    logger:
      lines === undefined ? pino({ level: 'silent' }) : pino({}, { write: (line) => void lines.push(line) }),
    target: parseRedisUrl(url),
    ...(time === undefined ? {} : { takeScript: createTakeScript(time) }),
  })
}

/** For buckets time stands still, and they live for ever. */
const FROZEN = `local now = 1700000000000
local call = redis.call
local redis = { call = function(name, key, value) return value and call(name, key, value) or call(name, key) end }`

/** As if all had been written that much earlier. */
const PASS = `for _, key in ipairs(redis.call('KEYS', 'tam/bucket/*')) do
  redis.call('SET', key, string.format('%.17g', redis.call('GET', key) - ARGV[1]))
end
for _, key in ipairs(redis.call('KEYS', 'tam/lease/*')) do
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local ends, value = string.match(all[i + 1], '^(%d+) (.*)$')
    redis.call('HSET', key, all[i], string.format('%.0f ', ends - ARGV[1]) .. value)
  end
end
for _, key in ipairs(redis.call('KEYS', 'tam/value/*')) do
  redis.call('PEXPIRE', key, math.max(0, redis.call('PTTL', key) - ARGV[1]))
end`

async function underTest(nodes: readonly RedisServer[], url: string) {
  await Promise.all(nodes.map((node) => node.flush()))
  const cache = await open(url, FROZEN)
  const pass = async (ms: number) => {
    await Promise.all(nodes.map((node) => node.command('EVAL', PASS, '0', String(ms))))
  }
  return { cache, pass }
}

async function outcomeOf(call: Promise<unknown>): Promise<{ outcome: unknown; ms: number }> {
  const started = performance.now()
  const outcome = await call.catch((error: unknown) => error)
  return { outcome, ms: performance.now() - started }
}

/** Resolves when `condition` holds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await Bun.sleep(20)
  }
}

const rate: Rate = { count: 10, periodMs: 1_000, burst: 3 }

suite('one Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis[Symbol.asyncDispose]())

  cacheContract('redis', () => underTest([redis], redis.url))
  leasesContract('redis', () => underTest([redis], redis.url))

  test("the time of buckets is the server's, and they vanish when full", async () => {
    await redis.flush()
    const cache = await open(redis.url)
    expect([await cache.take('a', rate, 3), await cache.take('b', rate)]).toEqual([0, 0])
    const wait = await cache.take('a', rate)
    expect(wait).toBeWithin(1, 101)
    expect(await redis.command('PTTL', 'tam/bucket/a')).toBeWithin(1, 301)
    await Bun.sleep(wait)
    expect(await cache.take('a', rate)).toBe(0)
    await until(async () => (await redis.command('DBSIZE')) === 0)
    await cache.close()
  })

  test('two servers share a bucket, and a thousand callers get no more than its burst', async () => {
    await redis.flush()
    const caches = await Promise.all([open(redis.url), open(redis.url)])
    const slow: Rate = { count: 1, periodMs: 60_000, burst: 7 }
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => caches[i % 2]!.take('đông', slow)),
    )
    expect(answers.filter((wait) => wait === 0)).toHaveLength(7)
    await Promise.all(caches.map((cache) => cache.close()))
  })

  test('scripts that were forgotten are sent again', async () => {
    const cache = await open(redis.url)
    await redis.command('SCRIPT', 'FLUSH')
    expect(await cache.take('script', rate)).toBe(0)
    await cache.close()
  })

  test('a password is used, and a wrong one is a cache that is not there', async () => {
    await using locked = await startRedis({ password: 'mật/khẩu@:' })
    const cache = await open(locked.url)
    await cache.set('a', '1', 1_000)
    expect(await cache.get('a')).toBe('1')
    await cache.close()
    const stranger = await open(locked.url.replace(/:[^:]*@/, ':wrong@'))
    expect((await outcomeOf(stranger.get('a'))).outcome).toBeInstanceOf(CacheUnavailable)
    await stranger.close()
  })

  test('what Redis refuses is told with its reason, once, and it counts as no answer', async () => {
    await using full = await startRedis()
    const lines: string[] = []
    const cache = await open(full.url, undefined, lines)
    await full.command('CONFIG', 'SET', 'maxmemory', '1')
    for (const call of [
      () => cache.set('a', '1', 1_000),
      () => cache.hold([{ group: 'g', holder: 'h', value: '' }], 1_000),
    ]) {
      expect((await outcomeOf(call())).outcome).toBeInstanceOf(CacheUnavailable)
      expect(cache.isAnswering).toBe(false)
    }
    expect(lines.filter((line) => line.includes('Redis refuses'))).toEqual([
      expect.stringContaining('OOM command not allowed'),
    ])
    await full.command('CONFIG', 'SET', 'maxmemory', '0')
    await cache.set('a', '1', 1_000)
    expect(cache.isAnswering).toBe(true)
    await cache.close()
  })

  test('a database of its own', async () => {
    const [zero, three] = await Promise.all([open(redis.url), open(redis.url.replace(/0$/, '3'))])
    await three!.set('database', '3', 10_000)
    expect(await zero!.get('database')).toBeUndefined()
    expect(await three!.get('database')).toBe('3')
    await Promise.all([zero!.close(), three!.close()])
  })

  test('killed: calls fail at once; limits go on locally and return with the server', async () => {
    await using own = await startRedis()
    const shared = await open(own.url)
    const changes: boolean[] = []
    const cache = new FallbackCache({
      shared,
      local: new MemoryCache({ clock: systemClock }),
      clock: systemClock,
      onChange: (isLocal) => changes.push(isLocal),
    })
    await shared.set('a', '1', 60_000)
    await own.kill()
    await until(() => !shared.isConnected)
    const { outcome, ms } = await outcomeOf(shared.get('a'))
    expect(outcome).toBeInstanceOf(CacheUnavailable)
    expect(ms).toBeLessThan(50)
    expect(await cache.take('a', rate, 3)).toBe(0)
    expect(await cache.take('a', rate, 3)).toBeGreaterThan(0)
    await own.start()
    await until(async () => (await outcomeOf(cache.take('b', rate))).outcome === 0 && changes.length === 2)
    expect(changes).toEqual([true, false])
    expect(await own.command('EXISTS', 'tam/bucket/b')).toBe(1)
    await shared.close()
  })

  test('CLIENT PAUSE: calls fail in time, all of them, and work again afterwards', async () => {
    const cache = await open(redis.url)
    await redis.command('CLIENT', 'PAUSE', '1000')
    const calls = [
      ...Array.from({ length: 50 }, () => cache.get('a')),
      cache.take('pause', rate),
      cache.getMany(['a', 'b']),
    ]
    for (const { outcome, ms } of await Promise.all(calls.map(outcomeOf))) {
      expect(outcome).toBeInstanceOf(CacheUnavailable)
      expect(ms).toBeWithin(200, 1_000)
    }
    await until(async () => (await outcomeOf(cache.take('after', rate))).outcome === 0)
    await cache.close()
  })

  test('half open: calls fail in time, the connection is given up within 7 s, and found again', async () => {
    await using own = await startRedis()
    const cache = await open(own.url)
    own.pause()
    const paused = performance.now()
    expect((await outcomeOf(cache.get('a'))).ms).toBeLessThan(1_000)
    await until(() => !cache.isConnected)
    expect(performance.now() - paused).toBeLessThan(9_000)
    const { outcome, ms } = await outcomeOf(cache.get('a'))
    expect(outcome).toBeInstanceOf(CacheUnavailable)
    expect(ms).toBeLessThan(50)
    own.resume()
    await until(async () => (await outcomeOf(cache.get('a'))).outcome === undefined)
    await cache.close()
  }, 25_000)

  test('without a server it opens all the same', async () => {
    const gone = await startRedis()
    await gone[Symbol.asyncDispose]()
    const cache = await open(gone.url)
    expect((await outcomeOf(cache.get('a'))).outcome).toBeInstanceOf(CacheUnavailable)
    await cache.close()
  })

  test('FLUSHALL forgets and breaks nothing', async () => {
    const cache = await open(redis.url)
    await cache.set('a', '1', 60_000)
    await redis.flush()
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.take('flushed', rate)).toBe(0)
    await cache.close()
  })
})

suite('a Redis Cluster', () => {
  let cluster: RedisCluster
  beforeAll(async () => {
    cluster = await startRedisCluster()
  }, 60_000)
  afterAll(() => cluster[Symbol.asyncDispose]())

  cacheContract('redis cluster', () => underTest(cluster.nodes, cluster.url))
  leasesContract('redis cluster', () => underTest(cluster.nodes, cluster.url))

  test('one configured node leads to all', async () => {
    const cache = await open(`redis+cluster://${cluster.nodes[1]!.address}`)
    const keys = Array.from({ length: 30 }, (_, i) => `một ${i}`)
    await cache.setMany(
      keys.map((key) => ({ key, value: key })),
      60_000,
    )
    expect(await cache.getMany(keys)).toEqual(keys)
    await cache.close()
  })

  test('a slot that moves is followed', async () => {
    await cluster.flush()
    const cache = await open(cluster.url)
    const slot = slotOf('tam/value/dọn nhà')
    const owner = await cluster.ownerOf(slot)
    const other = cluster.nodes.find((node) => node !== owner)!
    await cluster.moveSlot(slot, other)
    await cache.set('dọn nhà', '1', 60_000)
    expect(await cache.get('dọn nhà')).toBe('1')
    expect(await other.command('DBSIZE')).toBe(1)
    await cache.close()
  })

  test('a slot on its way is asked for at both ends', async () => {
    await cluster.flush()
    const cache = await open(cluster.url)
    const slot = String(slotOf('tam/value/đang dọn'))
    const owner = await cluster.ownerOf(Number(slot))
    const other = cluster.nodes.find((node) => node !== owner)!
    await cache.set('đang dọn', 'cũ', 60_000)
    await other.command(
      'CLUSTER',
      'SETSLOT',
      slot,
      'IMPORTING',
      String(await owner.command('CLUSTER', 'MYID')),
    )
    await owner.command(
      'CLUSTER',
      'SETSLOT',
      slot,
      'MIGRATING',
      String(await other.command('CLUSTER', 'MYID')),
    )
    expect(await cache.get('đang dọn')).toBe('cũ')
    await owner.command('MIGRATE', other.host, String(other.port), 'tam/value/đang dọn', '0', '1000')
    expect(await cache.get('đang dọn')).toBe('cũ')
    for (const node of cluster.nodes) {
      await node.command('CLUSTER', 'SETSLOT', slot, 'STABLE')
    }
    await cluster.moveSlot(Number(slot), other)
    expect(await cache.get('đang dọn')).toBe('cũ')
    await cache.close()
  })

  test('a dead node takes only its keys with it', async () => {
    const cache = await open(cluster.url)
    const [dead] = cluster.nodes
    await dead!.kill()
    await until(() => !cache.isConnected)
    const keys = Array.from({ length: 30 }, (_, i) => `chết ${i}`)
    const calls = await Promise.all(keys.map((key) => outcomeOf(cache.set(key, '1', 60_000))))
    const failed = calls.filter(({ outcome }) => outcome instanceof CacheUnavailable)
    expect(failed.length).toBeWithin(1, 30)
    await dead!.start()
    await until(
      async () =>
        (
          await outcomeOf(
            cache.setMany(
              keys.map((key) => ({ key, value: '1' })),
              1_000,
            ),
          )
        ).outcome === undefined,
    )
    await cache.close()
  }, 30_000)
})

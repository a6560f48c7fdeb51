import { MemoryBus } from '../../ports/bus/bus.memory.ts'
import { FallbackCache } from '../../ports/cache/cache.fallback.ts'
import { MemoryCache } from '../../ports/cache/cache.memory.ts'
import type { RedisLinkOptions } from '../../ports/redis/redis-link.ts'
import type { EngineOptions, Engines } from '../engines.ts'
import { StartError } from '../start-errors.ts'

/** What nothing depends on: bus and caches. */
type Hints = Pick<Engines, 'bus' | 'cache' | 'fallbackCache' | 'clocks'> & AsyncDisposable

/**
 * Those of Redis, or of this process alone. Redis may be away: it is tried again for ever.
 * @throws {StartError} when Redis answers that the settings are wrong
 */
export async function openHints(options: EngineOptions): Promise<Hints> {
  const { clock, random, logger } = options
  const { redis: target } = options.config
  const onError = (error: unknown, topic: string) =>
    logger.error({ err: error, topic }, 'a bus handler failed')
  if (target === undefined) {
    const cache = new MemoryCache({ clock })
    return disposable({ bus: new MemoryBus(onError), cache, fallbackCache: cache, clocks: [] })
  }
  const link = { clock, random, logger, target }
  // Loaded when needed: 11 MB that a process on embedded engines does not pay for.
  const { RedisBus } = await import('../../ports/bus/bus.redis.ts')
  const { RedisCache } = await import('../../ports/cache/cache.redis.ts')
  await refuseMistakes(link)
  const [bus, cache] = await Promise.all([RedisBus.open({ ...link, onError }), RedisCache.open(link)])
  const fallbackCache = new FallbackCache({
    shared: cache,
    local: new MemoryCache({ clock }),
    clock,
    onChange: (isLocal) =>
      isLocal
        ? logger.warn('Redis cannot be asked: rate limits are counted by this server alone')
        : logger.info('Redis can be asked again: rate limits are shared'),
  })
  const clocks = [{ name: 'Redis', now: () => cache.now() }]
  return disposable({ bus, cache, fallbackCache, clocks })
}

async function refuseMistakes(link: Omit<RedisLinkOptions, 'purpose'>): Promise<void> {
  const { checkRedis, RedisRefused } = await import('../../ports/redis/redis-check.ts')
  const { trialIn } = await import('../../ports/bus/bus.redis.channels.ts')
  try {
    await checkRedis({ ...link, purpose: 'check', trial: trialIn(link.target.database) })
  } catch (error) {
    throw error instanceof RedisRefused ? new StartError(error.message, { cause: error }) : error
  }
}

function disposable(hints: Omit<Hints, typeof Symbol.asyncDispose>): Hints {
  return {
    ...hints,
    async [Symbol.asyncDispose]() {
      await hints.bus.close()
      await hints.fallbackCache.close()
      await hints.cache.close()
    },
  }
}

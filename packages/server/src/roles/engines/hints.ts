import { MemoryBus } from '../../ports/bus/bus.memory.ts'
import { FallbackCache } from '../../ports/cache/cache.fallback.ts'
import { MemoryCache } from '../../ports/cache/cache.memory.ts'
import type { EngineOptions, Engines } from '../engines.ts'

/** What nothing depends on: bus and caches. */
type Hints = Pick<Engines, 'bus' | 'cache' | 'fallbackCache'> & AsyncDisposable

/** Those of Redis, or of this process alone. Redis may be away: it is tried again for ever. */
export async function openHints(options: EngineOptions): Promise<Hints> {
  const { clock, random, logger } = options
  const { redis: target } = options.config
  const onError = (error: unknown, topic: string) =>
    logger.error({ err: error, topic }, 'a bus handler failed')
  if (target === undefined) {
    const cache = new MemoryCache({ clock })
    return disposable({ bus: new MemoryBus(onError), cache, fallbackCache: cache })
  }
  const link = { clock, random, logger, target }
  // Loaded when needed: 11 MB that a process on embedded engines does not pay for.
  const { RedisBus } = await import('../../ports/bus/bus.redis.ts')
  const { RedisCache } = await import('../../ports/cache/cache.redis.ts')
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
  return disposable({ bus, cache, fallbackCache })
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

import { systemClock, systemRandom } from '@tam/util'
import pino from 'pino'
import { RedisCache } from '../../cache/cache.redis.ts'
import { parseRedisUrl } from '../redis-url.ts'

/** Writes and reads a value at the URL given; exits 0 when that works. Which authorities it trusts is in its environment. */
const cache = await RedisCache.open({
  clock: systemClock,
  random: systemRandom,
  logger: pino({ level: 'silent' }),
  target: parseRedisUrl(process.argv[2] ?? ''),
})
try {
  await cache.set('a', 'kín', 10_000)
  process.exitCode = (await cache.get('a')) === 'kín' ? 0 : 1
} catch {
  process.exitCode = 2
}
await cache.close()

import { expect, test } from 'bun:test'
import { systemClock, systemRandom } from '@tam/util'
import pino from 'pino'
import { startRedis } from '../../../../../tools/engines/redis/server.ts'
import { parseRedisUrl } from '../redis/redis-url.ts'
import { RedisBus } from './bus.redis.ts'
import { FAULT_MS, suite, until } from './tests/redis-bus.ts'

interface Line {
  readonly msg: string
  readonly purpose: string
  readonly err: { readonly message: string }
}

suite('bus that Redis refuses', () => {
  test(
    'what is refused is counted, and said once with its reason',
    async () => {
      await using redis = await startRedis()
      const lines: Line[] = []
      const bus = await RedisBus.open({
        clock: systemClock,
        random: systemRandom,
        logger: pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Line) }),
        target: parseRedisUrl(redis.url),
        onError: () => {},
      })
      const refusals = () => lines.filter(({ msg }) => msg.includes('refuses'))
      await redis.command('ACL', 'SETUSER', 'default', 'resetchannels')
      await bus.subscribe('a', () => {})
      for (let i = 0; i < 20; i++) {
        bus.publish('a', '')
      }
      await until(() => bus.dropped === 20 && refusals().length === 2)
      // Long enough for the subscription to be tried again.
      await Bun.sleep(700)
      expect(refusals().map(({ purpose, err }) => [purpose, err.message])).toEqual(
        expect.arrayContaining([
          ['publish', expect.stringContaining('NOPERM')],
          ['subscribe', expect.stringContaining('NOPERM')],
        ]),
      )
      expect(refusals()).toHaveLength(2)
      await bus.close()
    },
    FAULT_MS,
  )
})

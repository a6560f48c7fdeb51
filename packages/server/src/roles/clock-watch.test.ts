import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import pino from 'pino'
import { ClockWatch, CLOCK_LOOK_MS, CLOCK_OFF_MS } from './clock-watch.ts'

function setUp() {
  const clock = new FakeClock()
  const lines: { level: number; aheadMs: number }[] = []
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) })
  const redis = { aheadMs: 0, tookMs: 0 }
  const others = [
    {
      name: 'Redis',
      now: async () => {
        clock.advance(redis.tookMs)
        return clock.now() - redis.tookMs / 2 - redis.aheadMs
      },
    },
  ]
  const watch = new ClockWatch({ clock, logger, others })
  return { clock, watch, lines, redis }
}

test('a clock that is off is an alarm until it is right again', async () => {
  const { watch, lines, redis } = setUp()
  redis.aheadMs = CLOCK_OFF_MS - 100
  await watch.look()
  expect(lines).toEqual([])
  redis.aheadMs = -3_600_000
  await watch.look()
  await watch.look()
  expect(lines).toMatchObject([
    { level: 50, aheadMs: -3_600_000 },
    { level: 50, aheadMs: -3_600_000 },
  ])
  expect(watch.offsets.get('Redis')).toBe(-3_600_000)
  redis.aheadMs = 0
  await watch.look()
  expect(lines.at(-1)).toMatchObject({ level: 30, aheadMs: 0 })
})

test('a slow answer proves nothing, and none at all is no alarm of this kind', async () => {
  const { clock, watch, lines, redis } = setUp()
  redis.aheadMs = 60_000
  redis.tookMs = 2_000
  await watch.look()
  expect(lines).toEqual([])
  redis.tookMs = 10
  await watch.look()
  expect(lines).toMatchObject([{ level: 50, aheadMs: 60_000 }])
  const silent = new ClockWatch({
    clock,
    logger: pino({ level: 'silent' }),
    others: [{ name: 'Redis', now: () => Promise.reject(new Error('away')) }],
  })
  await silent.look()
  expect(silent.offsets.size).toBe(0)
})

test('clocks are compared at the start, and again and again', async () => {
  const { clock, watch, redis, lines } = setUp()
  redis.aheadMs = 60_000
  watch.start()
  await Bun.sleep(0)
  clock.advance(CLOCK_LOOK_MS)
  await Bun.sleep(0)
  watch.stop()
  clock.advance(CLOCK_LOOK_MS)
  await Bun.sleep(0)
  expect(lines).toHaveLength(2)
})

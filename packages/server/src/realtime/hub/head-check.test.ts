import { expect, test } from 'bun:test'
import { FakeClock } from '@tam/testkit'
import { must, seededRandom } from '@tam/util'
import pino from 'pino'
import { HEAD_CHECK_CHUNK, HEAD_CHECK_MS, HEAD_SWEEP_MS } from '../limits.ts'
import { HeadsWorld } from '../tests/heads-world.ts'
import { HeadCheck, type HeadCheckDeps } from './head-check.ts'
import { Room } from './state.ts'

const ROOMS = 10

function setUp(changed: Partial<HeadCheckDeps> = {}, count = ROOMS) {
  const clock = new FakeClock()
  const rooms = new Map(Array.from({ length: count }, (_, i) => [`nhom-${i}`, new Room(`nhom-${i}`, null)]))
  rooms.forEach((room) => (room.next = 1))
  const state = { hearsAll: true, isHealthy: true, fails: false as boolean | string }
  let looked: string[] = []
  const check = new HeadCheck({
    clock,
    random: seededRandom(1),
    logger: pino({ level: 'silent' }),
    bus: { isLossless: false },
    rooms: Object.assign(rooms, { reach: async () => {} }) as unknown as HeadCheckDeps['rooms'],
    log: {
      head: async (log) => {
        looked.push(log)
        if (state.fails === true || state.fails === log) {
          throw new Error('no answer')
        }
        return 0
      },
    },
    isBusHealthy: () => state.isHealthy,
    hearsAll: async () => state.hearsAll,
    ...changed,
  })
  check.start()
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  /** Looks at rooms while `ms` pass. */
  const looksIn = async (ms: number) => {
    looked = []
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(Math.min(100, ms))
      await settled()
    }
    return looked.length
  }
  const looksNow = async () => {
    await settled()
    return looked.splice(0)
  }
  return { check, state, looksIn, looksNow }
}

test('a discontinuity of the bus has every room looked at, now', async () => {
  const { check, looksNow, looksIn } = setUp()
  expect(await looksIn(1_000)).toBe(0)
  check.soon()
  expect(await looksNow()).toHaveLength(ROOMS)
  expect(await looksIn(2 * HEAD_CHECK_MS)).toBe(0)
})

test('a discontinuity while rooms are looked at has them looked at once more', async () => {
  const { check, looksNow } = setUp()
  check.soon()
  check.soon()
  expect(await looksNow()).toHaveLength(2 * ROOMS)
})

test('what could not be looked at is looked at again', async () => {
  const { check, state, looksNow, looksIn } = setUp()
  state.fails = true
  check.soon()
  await looksNow()
  state.fails = false
  expect(await looksIn(2 * HEAD_CHECK_MS)).toBe(ROOMS)
})

test('a room in doubt is looked at now, and with the next round when that fails; the others are not', async () => {
  const { check, state, looksNow, looksIn } = setUp()
  check.doubt('nhom-3')
  check.doubt('unknown')
  expect(await looksNow()).toEqual(['nhom-3'])
  state.fails = true
  check.doubt('nhom-4')
  expect(await looksNow()).toEqual(['nhom-4'])
  state.fails = false
  expect(await looksIn(2 * HEAD_CHECK_MS)).toBe(1)
  await looksNow()
  check.doubtLater('nhom-5')
  expect(await looksNow()).toEqual([])
  expect(await looksIn(HEAD_CHECK_MS + 500)).toBe(1)
})

test('where the store answers nothing, the rest waits for the next round, and is not forgotten', async () => {
  const count = 2 * HEAD_CHECK_CHUNK
  const { check, state, looksNow, looksIn } = setUp({}, count)
  state.fails = true
  check.soon()
  expect(await looksNow()).toHaveLength(HEAD_CHECK_CHUNK)
  state.fails = false
  expect(await looksIn(HEAD_CHECK_MS + 500)).toBeGreaterThanOrEqual(count)
})

test('a room that cannot be read keeps no other from being looked at, and is looked at again', async () => {
  const { check, state, looksNow, looksIn } = setUp()
  state.fails = 'nhom-0'
  check.soon()
  expect(await looksNow()).toHaveLength(ROOMS)
  expect(await looksIn(2 * HEAD_CHECK_MS)).toBeLessThanOrEqual(2)
  state.fails = false
  expect(await looksIn(HEAD_CHECK_MS + 500)).toBe(1)
  expect(await looksIn(2 * HEAD_CHECK_MS)).toBe(0)
})

test('doubts neither hasten nor delay the look at every room that somebody unheard makes necessary', async () => {
  const { check, state, looksIn } = setUp()
  state.hearsAll = false
  await looksIn(HEAD_CHECK_MS + 500)
  let looks = 0
  for (let i = 0; i < 60; i++) {
    check.doubt('nhom-1')
    looks += await looksIn(1_000)
  }
  expect(looks).toBeGreaterThanOrEqual(((60_000 / (HEAD_CHECK_MS + 500)) | 0) * ROOMS)
  expect(looks).toBeLessThanOrEqual((60_000 / (HEAD_CHECK_MS - 500)) * ROOMS + 60)
})

test('where the servers cannot be listed every room is looked at', async () => {
  const { looksIn } = setUp({ hearsAll: () => Promise.reject(new Error('no answer')) })
  expect(await looksIn(HEAD_CHECK_MS + 500)).toBe(ROOMS)
})

test('who is not heard decides how often rooms are looked at', async () => {
  const { state, looksIn } = setUp()
  const minute = 60_000
  expect(await looksIn(minute / 2)).toBe(0)
  state.hearsAll = false
  expect(await looksIn(minute)).toBeGreaterThanOrEqual(((minute / (HEAD_CHECK_MS + 500)) | 0) * ROOMS)
  state.hearsAll = true
  await looksIn(HEAD_CHECK_MS)
  expect(await looksIn(minute / 2)).toBe(0)
  state.isHealthy = false
  await looksIn(HEAD_CHECK_MS)
  expect(await looksIn(minute)).toBeGreaterThan(90 * ROOMS)
})

test('while everybody is heard, each room is looked at once in a sweep', async () => {
  const { looksIn } = setUp()
  const looks = await looksIn(HEAD_SWEEP_MS)
  expect(looks).toBeGreaterThanOrEqual(ROOMS - 1)
  expect(looks).toBeLessThanOrEqual(ROOMS)
})

test('entries that the bus carries cost no read of the store', async () => {
  const world = new HeadsWorld(seededRandom(1))
  await world.start(3)
  await world.pass(10_000)
  world.reads = 0
  for (let i = 0; i < 100; i++) {
    world.append(must(world.others[i % 3]))
    await world.pass(1_000)
  }
  expect([world.reads, world.worstMs]).toEqual([0, 0])
})

test('an entry that the bus has lost is read as soon as its head is told, and no other log is', async () => {
  const world = new HeadsWorld(seededRandom(1))
  await world.start(3)
  await world.pass(10_000)
  world.reads = 0
  world.loss = 1
  world.append(must(world.others[0]))
  world.loss = 0
  await world.pass(3_000)
  expect(world.reads).toBe(1)
  expect(world.worstMs).toBeLessThan(1_100)
})

import { expect, test } from 'bun:test'
import { Fleet } from './tests/fleet.ts'
import { TestWatcher } from './tests/test-chat.ts'

/** Every watcher sees the truth, or that it is not known, within this, milliseconds. */
const TRUTH_MS = 45_000
const PEOPLE = Array.from({ length: 40 }, (_, i) => `u${i}`)

/** Two chat servers, two presence servers; everybody of PEOPLE is at the first chat server, watched from the second. */
async function setUp() {
  const fleet = new Fleet()
  const servers = [await fleet.server(), await fleet.server()] as const
  await fleet.pass(12_000)
  const [home, other] = [await fleet.chat(), await fleet.chat()] as const
  PEOPLE.forEach((user) => home.here(user, 'a'))
  const watcher = other.watch(new TestWatcher('lan'), ...PEOPLE, 'vắng')
  await fleet.pass(10_000)
  expect(statuses(watcher)).toEqual({ online: 40, offline: 1 })
  watcher.told()
  return { fleet, servers, home, other, watcher }
}

/** How often each status was the last word about somebody. */
function statuses(watcher: TestWatcher): Record<string, number> {
  const last = new Map(watcher.frames.flatMap(({ users }) => users.map(({ id, status }) => [id, status])))
  return Object.fromEntries(
    Object.entries(Object.groupBy(last.values(), String)).map(([k, v]) => [k, v?.length ?? 0]),
  )
}

test('the two presence servers share the people', async () => {
  const { servers } = await setUp()
  const loads = servers.map(({ server }) => server.load)
  expect(loads.reduce((sum, { shards }) => sum + shards, 0)).toBe(256)
  for (const { shards, people } of loads) {
    expect(shards).toBeGreaterThan(90)
    expect(people).toBeGreaterThan(8)
  }
})

test('[PR8] N14 kill -9 of a chat server: its people are offline within 35 s, since they were last known', async () => {
  const { fleet, home, watcher } = await setUp()
  const killedAt = fleet.clock.now()
  home.kill()
  await fleet.pass(35_000)
  expect(statuses(watcher)).toEqual({ offline: 40 })
  for (const user of PEOPLE) {
    const since = Date.parse(watcher.last(user)?.since ?? '')
    expect(killedAt - since).toBeWithin(0, 9_000)
  }
})

test('[PR8] N14 who is at another chat server within seconds is never shown as gone', async () => {
  const { fleet, home, other, watcher } = await setUp()
  home.kill()
  await fleet.pass(9_000)
  PEOPLE.forEach((user) => other.here(user, 'a'))
  await fleet.pass(TRUTH_MS)
  expect(watcher.told()).toEqual([])
})

test('[PR8] kill -9 of a presence server: what was true stays, and what becomes true shows', async () => {
  const { fleet, servers, home, watcher } = await setUp()
  servers[0].kill()
  home.here('u0', 'i')
  home.gone('u1')
  home.here('vắng', 'a')
  for (const user of PEOPLE.slice(2, 10)) {
    home.gone(user)
  }
  await fleet.pass(TRUTH_MS)
  expect(statuses(watcher)).toEqual({ away: 1, offline: 9, online: 1 })
  expect(watcher.told().join()).not.toContain('unknown')
  expect(servers[1].server.load.shards).toBe(256)
})

test('[PR8] of all presence servers: unknown, never a guess; known again with the first that is back', async () => {
  const { fleet, servers, home, watcher } = await setUp()
  servers.forEach(({ kill }) => kill())
  home.gone('u0')
  await fleet.pass(29_500)
  expect(statuses(watcher)).toEqual({ unknown: 41 })
  await fleet.server()
  await fleet.pass(6_000)
  // Who has a lease is known at once; that somebody has none means nothing yet.
  expect(statuses(watcher)).toEqual({ online: 39, offline: 1, unknown: 1 })
  await fleet.pass(10_000)
  expect(statuses(watcher)).toEqual({ online: 39, offline: 2 })
})

test('[PR3] [PR8] Redis dead: unknown; back and empty: as before, nobody shown as gone', async () => {
  const { fleet, watcher } = await setUp()
  fleet.isUp = false
  await fleet.pass(TRUTH_MS)
  expect(statuses(watcher)).toEqual({ unknown: 41 })
  await fleet.pass(120_000)
  expect(await fleet.seenOf('u0')).toBeUndefined()
  fleet.flush()
  fleet.isUp = true
  watcher.told()
  await fleet.pass(TRUTH_MS)
  const told = watcher.frames.flatMap(({ users }) => users)
  expect(told.filter(({ status }) => status === 'offline').map(({ id }) => id)).toEqual(['vắng'])
  expect(statuses(watcher)).toEqual({ online: 40, offline: 1 })
})

test('[PR3] leases that cannot be read make unknown what the bus still tells of', async () => {
  const { fleet, watcher } = await setUp()
  fleet.isCacheUp = false
  await fleet.pass(TRUTH_MS)
  expect(statuses(watcher)).toEqual({ unknown: 41 })
  fleet.isCacheUp = true
  await fleet.pass(18_000)
  expect(statuses(watcher)).toEqual({ online: 40, offline: 1 })
})

test('[PR8] a short outage of Redis, and FLUSHALL, show nothing', async () => {
  const { fleet, watcher } = await setUp()
  fleet.isUp = false
  await fleet.pass(5_000)
  fleet.flush()
  fleet.isUp = true
  await fleet.pass(TRUTH_MS)
  fleet.flush()
  await fleet.pass(TRUTH_MS)
  expect(watcher.told()).toEqual([])
})

test('FLUSHALL while the presence servers start anew shows nobody as gone', async () => {
  const { fleet, servers, watcher } = await setUp()
  servers.forEach(({ kill }) => kill())
  await fleet.pass(1_000)
  fleet.flush()
  await fleet.server()
  await fleet.pass(TRUTH_MS)
  expect(watcher.told().join()).not.toContain('offline,u')
  expect(watcher.last('u0')?.status ?? 'online').toBe('online')
})

test('a presence server that the bus does not reach leaves its people to the others', async () => {
  const { fleet, servers, home, watcher } = await setUp()
  servers[0].wires.bus = false
  PEOPLE.forEach((user) => home.gone(user))
  await fleet.pass(TRUTH_MS)
  expect(statuses(watcher)).toEqual({ offline: 40 })
  expect(servers.map(({ server }) => server.load.shards)).toEqual([0, 256])
  servers[0].wires.bus = true
  await fleet.pass(12_000)
  expect(servers[0].server.load.shards).toBeGreaterThan(90)
})

test('a presence server that stops gives its people away without anybody noticing', async () => {
  const { fleet, servers, watcher } = await setUp()
  await servers[0].stop()
  await fleet.pass(TRUTH_MS)
  await fleet.server()
  await fleet.pass(TRUTH_MS)
  expect(watcher.told()).toEqual([])
})

test('a chat server that stood still for a minute does not say what it believed before', async () => {
  const { fleet, home, other, watcher } = await setUp()
  home.process.stop()
  await fleet.pass(2_000)
  PEOPLE.forEach((user) => other.here(user, 'a'))
  await fleet.pass(40_000)
  PEOPLE.forEach((user) => other.gone(user))
  await fleet.pass(20_000)
  expect(statuses(watcher)).toEqual({ offline: 40 })
  watcher.told()
  home.process.continue()
  await fleet.pass(TRUTH_MS)
  expect(watcher.told()).toEqual([])
})

test('nor does a presence server', async () => {
  const { fleet, servers, home, watcher } = await setUp()
  servers[0].process.stop()
  await fleet.pass(2_000)
  PEOPLE.forEach((user) => home.gone(user))
  const left = fleet.clock.now()
  await fleet.pass(60_000)
  expect(statuses(watcher)).toEqual({ offline: 40 })
  watcher.told()
  servers[0].process.continue()
  await fleet.pass(TRUTH_MS)
  expect(watcher.told()).toEqual([])
  expect(servers[0].server.load.shards).toBeGreaterThan(90)
  expect(left - ((await fleet.seenOf('u0')) ?? 0)).toBeWithin(0, 3_000)
})

test('last seen is kept in kv, also when the presence server dies with the one who leaves', async () => {
  const { fleet, servers, home } = await setUp()
  const at = fleet.clock.now()
  home.gone('u0')
  await fleet.pass(2_000)
  expect(await fleet.seenOf('u0')).toBe(at)
  for (const { kill } of servers) {
    kill()
  }
  const later = fleet.clock.now()
  home.gone('u1')
  await fleet.pass(5_000)
  expect(await fleet.seenOf('u1')).toBeUndefined()
  await fleet.server()
  await fleet.pass(12_000)
  expect(await fleet.seenOf('u1')).toBe(later)
})

test('last seen of a crowd is written at a bounded rate, the newest time only, and while they stay', async () => {
  const fleet = new Fleet()
  await fleet.server()
  const chat = await fleet.chat()
  await fleet.pass(12_000)
  const crowd = Array.from({ length: 1_000 }, (_, i) => `c${i}`)
  const written = async () => {
    const seen = await Promise.all(crowd.map((user) => fleet.seenOf(user)))
    return seen.filter((at) => at !== undefined).length
  }
  crowd.forEach((user) => chat.here(user, 'a'))
  await fleet.pass(2_000)
  crowd.forEach((user) => chat.gone(user))
  await fleet.pass(5_000)
  expect(await written()).toBeWithin(400, 501)
  await fleet.pass(6_000)
  expect(await written()).toBe(1_000)
  chat.here('ở-lại', 'a')
  await fleet.pass(1_300_000)
  expect(fleet.clock.now() - ((await fleet.seenOf('ở-lại')) ?? 0)).toBeLessThan(700_000)
})

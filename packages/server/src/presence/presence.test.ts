import { expect, test } from 'bun:test'
import { shardOf } from './shards.ts'
import { Fleet } from './tests/fleet.ts'
import { TestWatcher } from './tests/test-chat.ts'

/** One chat server and one presence server that has been there for a while. */
async function setUp() {
  const fleet = new Fleet()
  const server = await fleet.server()
  await fleet.pass(11_000)
  const chat = await fleet.chat()
  return { fleet, server, chat, watcher: new TestWatcher('lan') }
}

/** Somebody else of the same shard. */
function neighbourOf(user: string): string {
  let i = 0
  while (shardOf(`n${i}`) !== shardOf(user)) {
    i++
  }
  return `n${i}`
}

test('[PR1] tells all of the screen first, then changes only', async () => {
  const { fleet, chat, watcher } = await setUp()
  chat.here('an', 'a')
  chat.watch(watcher, 'an', 'binh')
  await fleet.pass(1_000)
  expect(watcher.told()).toEqual(['an online,binh offline'])
  await fleet.pass(60_000)
  expect(watcher.told()).toEqual([])
  chat.here('an', 'i')
  chat.here('binh', 'a')
  await fleet.pass(5_000)
  expect(watcher.told()).toEqual(['binh online', 'an away'])
})

test('[PR1] a change shows at once, and then at most once a second, as it is by then', async () => {
  const { fleet, chat, watcher } = await setUp()
  chat.watch(watcher, 'an')
  await fleet.pass(5_000)
  watcher.frames.length = 0
  const changedAt = fleet.clock.monotonic()
  for (let i = 0; i < 50; i++) {
    chat.here('an', `a:c${i}`)
    if (i % 10 === 9) {
      chat.gone('an')
    }
    await fleet.pass(100)
  }
  await fleet.pass(2_000)
  const times = watcher.frames.map(({ at }) => at)
  expect((times[0] ?? Infinity) - changedAt).toBeLessThanOrEqual(200)
  for (const [i, at] of times.slice(1).entries()) {
    expect(at - (times[i] ?? 0)).toBeGreaterThanOrEqual(1_000)
  }
  expect(times.length).toBeWithin(4, 8)
  expect(watcher.last('an')?.status).toBe('offline')
})

test('[PR1] a screen replaced faster than once a second is answered for its last state', async () => {
  const { fleet, chat, watcher } = await setUp()
  for (const id of ['an', 'binh', 'chi']) {
    chat.here(id, 'a')
    chat.watch(watcher, id)
    await fleet.pass(300)
  }
  await fleet.pass(2_000)
  expect(watcher.told()).toEqual(['an online', 'chi online'])
})

test('[PR2] every status says since when it holds and when it was confirmed', async () => {
  const { fleet, chat, watcher } = await setUp()
  const came = fleet.clock.now()
  chat.here('an', 'a')
  await fleet.pass(60_000)
  chat.watch(watcher, 'an', 'binh')
  await fleet.pass(1_000)
  const online = watcher.last('an')
  expect(online?.since).toBe(new Date(came).toISOString())
  expect(fleet.clock.now() - Date.parse(online?.asOf ?? '')).toBeLessThan(15_000)
  expect(watcher.last('binh')).toMatchObject({ status: 'offline', since: '2025-12-31T00:00:00.000Z' })
  const left = fleet.clock.now()
  chat.gone('an')
  await fleet.pass(3_600_000)
  chat.watch(watcher, 'an')
  await fleet.pass(1_000)
  expect(watcher.last('an')).toMatchObject({ status: 'offline', since: new Date(left).toISOString() })
})

test('[PR5] N16 the most active device decides, at whichever chat server', async () => {
  const { fleet, chat, watcher } = await setUp()
  const other = await fleet.chat()
  chat.watch(watcher, 'an')
  chat.here('an', 'i')
  other.here('an', 'i', 'a')
  await fleet.pass(5_000)
  expect(watcher.last('an')?.status).toBe('online')
  other.here('an', 'i', 'i')
  await fleet.pass(5_000)
  expect(watcher.last('an')?.status).toBe('away')
  other.gone('an')
  chat.here('an', 'a')
  await fleet.pass(5_000)
  expect(watcher.last('an')?.status).toBe('online')
  chat.gone('an')
  await fleet.pass(1_500)
  expect(watcher.last('an')?.status).toBe('offline')
})

test('[PR5] N14 what does not last is not shown', async () => {
  const { fleet, chat, watcher } = await setUp()
  chat.here('an', 'a')
  chat.watch(watcher, 'an')
  await fleet.pass(2_000)
  expect(watcher.told()).toEqual(['an online'])
  for (let i = 0; i < 10; i++) {
    chat.here('an', 'i')
    await fleet.pass(2_500)
    chat.here('an', 'a')
    await fleet.pass(500)
  }
  expect(watcher.told()).toEqual([])
  chat.here('an', 'i')
  await fleet.pass(4_500)
  expect(watcher.told()).toEqual(['an away'])
})

test('[PR6] do not disturb shows while the person is connected', async () => {
  const { fleet, chat, watcher } = await setUp()
  chat.here('an', 'a')
  chat.watch(watcher, 'an')
  await fleet.pass(2_000)
  fleet.choose('an', { dnd: true })
  await fleet.pass(1_500)
  chat.here('an', 'i')
  await fleet.pass(5_000)
  expect(watcher.told()).toEqual(['an online', 'an dnd'])
  chat.gone('an')
  await fleet.pass(1_500)
  fleet.choose('an', { dnd: false })
  await fleet.pass(5_000)
  expect(watcher.told()).toEqual(['an offline'])
})

test('[PR2] [PR6] do not disturb began when it was chosen, and ends so', async () => {
  const { fleet, chat, watcher } = await setUp()
  chat.watch(watcher, 'an')
  chat.here('an', 'a')
  await fleet.pass(7_000)
  const chosen = chat.process.now()
  fleet.choose('an', { dnd: true })
  await fleet.pass(1_500)
  expect(Date.parse(String(watcher.last('an')?.since))).toBeGreaterThanOrEqual(chosen)
  const ended = chat.process.now()
  fleet.choose('an', { dnd: false })
  await fleet.pass(1_500)
  expect(watcher.last('an')?.status).toBe('online')
  expect(Date.parse(String(watcher.last('an')?.since))).toBeGreaterThanOrEqual(ended)
})

test('[PR4] W37 who hides is offline without a time, and no frame tells when they come and go', async () => {
  const { fleet, chat, watcher } = await setUp()
  const self = new TestWatcher('an')
  const friend = new TestWatcher('mai')
  fleet.choose('an', { visibility: 'nobody' })
  fleet.choose('binh', { hiddenFrom: ['lan'] })
  for (const who of [watcher, self, friend]) {
    chat.watch(who, 'an', 'binh')
  }
  await fleet.pass(2_000)
  for (let i = 0; i < 3; i++) {
    for (const person of ['an', 'binh']) {
      chat.here(person, 'a')
    }
    await fleet.pass(6_000)
    for (const person of ['an', 'binh']) {
      chat.gone(person)
    }
    await fleet.pass(6_000)
  }
  expect(watcher.frames).toHaveLength(1)
  const asOf = expect.any(String)
  expect(watcher.frames[0]?.users).toEqual([
    { id: 'an', status: 'offline', asOf },
    { id: 'binh', status: 'offline', asOf },
  ])
  const heardBy = (who: TestWatcher, id: string) =>
    who.frames.flatMap(({ users }) => users.filter((user) => user.id === id)).map(({ status }) => status)
  const comings = ['offline', 'online', 'offline', 'online', 'offline', 'online', 'offline'] as const
  expect(heardBy(self, 'an')).toEqual([...comings])
  expect(heardBy(friend, 'binh')).toEqual([...comings])
  expect(new Set(heardBy(friend, 'an'))).toEqual(new Set(['offline']))
})

test('[PR4] hiding takes effect on screens that are open', async () => {
  const { fleet, chat, watcher } = await setUp()
  chat.here('an', 'a')
  chat.watch(watcher, 'an')
  await fleet.pass(2_000)
  fleet.choose('an', { visibility: 'nobody' })
  await fleet.pass(1_500)
  expect(watcher.last('an')).not.toHaveProperty('since')
  fleet.choose('an', { visibility: 'contacts' })
  await fleet.pass(1_500)
  expect(watcher.told()).toEqual(['an online', 'an offline', 'an online'])
})

test('[PR4] [PR9] of a stranger nothing is shown but a new name', async () => {
  const { fleet, chat, watcher } = await setUp()
  watcher.strangers.add('an')
  chat.here('an', 'a')
  chat.watch(watcher, 'an')
  const frame = JSON.stringify({ t: 'profile', users: [{ id: 'an', name: 'An Mới' }] })
  fleet.publish('people', frame)
  fleet.publish('people', JSON.stringify({ t: 'profile', users: [{ id: 'binh', name: 'Bình Mới' }] }))
  await fleet.pass(5_000)
  expect([watcher.told(), watcher.profiles]).toEqual([[], [frame]])
  chat.watch(watcher)
  fleet.publish('people', frame)
  expect(watcher.profiles).toHaveLength(1)
})

test('[PR4] whom one may see is looked up again', async () => {
  const { fleet, chat, watcher } = await setUp()
  chat.here('an', 'a')
  chat.watch(watcher, 'an')
  await fleet.pass(2_000)
  watcher.strangers.add('an')
  await fleet.pass(32_000)
  expect(watcher.told()).toEqual(['an online', 'an unknown'])
  chat.here('an', 'i')
  await fleet.pass(10_000)
  expect(watcher.told()).toEqual([])
  watcher.strangers.delete('an')
  await fleet.pass(8_000)
  expect(watcher.told()).toEqual(['an away'])
})

test('[PR7] the conversation somebody is in is told to its members', async () => {
  const { fleet, chat, watcher } = await setUp()
  const stranger = chat.watch(new TestWatcher('mai'), 'an')
  watcher.convs.add('phòng-1')
  chat.watch(watcher, 'an')
  chat.here('an', 'a:phòng-1', 'i:phòng-2')
  await fleet.pass(2_000)
  expect(watcher.last('an')?.convs).toEqual(['phòng-1'])
  expect(stranger.last('an')).not.toHaveProperty('convs')
  const frames = stranger.frames.length
  chat.here('an', 'a:phòng-3')
  await fleet.pass(2_000)
  expect(watcher.last('an')).not.toHaveProperty('convs')
  expect(watcher.last('an')?.status).toBe('online')
  expect(stranger.frames).toHaveLength(frames)
})

test('a client that takes nothing is told later, what is true by then', async () => {
  const { fleet, chat, watcher } = await setUp()
  chat.watch(watcher, 'an')
  await fleet.pass(2_000)
  watcher.isSlow = true
  chat.here('an', 'a')
  await fleet.pass(5_000)
  chat.here('an', 'i')
  await fleet.pass(10_000)
  watcher.isSlow = false
  await fleet.pass(1_000)
  expect(watcher.told()).toEqual(['an offline', 'an away'])
})

test('what the bus loses is read from the leases within seconds', async () => {
  const { fleet, server, chat, watcher } = await setUp()
  chat.here('an', 'a')
  chat.watch(watcher, 'an')
  await fleet.pass(2_000)
  server.wires.bus = false
  chat.gone('an')
  await fleet.pass(200)
  server.wires.bus = true
  // What is heard afterwards of the same leases does not hide that something was missed.
  chat.here(neighbourOf('an'), 'a')
  await fleet.pass(7_000)
  expect(watcher.told()).toEqual(['an online', 'an offline'])
})

test('what was read before a change was heard does not undo it', async () => {
  const { fleet, chat, watcher } = await setUp()
  chat.here('an', 'a')
  chat.watch(watcher, 'an')
  await fleet.pass(2_000)
  const { promise, resolve } = Promise.withResolvers<void>()
  fleet.gate = promise
  await fleet.pass(5_500)
  chat.gone('an')
  await fleet.pass(1_500)
  fleet.gate = undefined
  resolve()
  await fleet.pass(4_000)
  expect(watcher.told()).toEqual(['an online', 'an offline'])
})

test('a thousand people cost a few calls of the cache, however long they stay', async () => {
  const { fleet, chat } = await setUp()
  await fleet.pass(8_000)
  Object.assign(fleet.calls, { hold: 0, leases: 0 })
  for (let i = 0; i < 1_000; i++) {
    chat.here(`u${i}`, 'a')
  }
  await fleet.pass(100)
  // All at once, a lease per shard, and the presence server's own.
  expect(fleet.calls.hold).toBeLessThanOrEqual(3)
  expect(fleet.calls.leases).toBeLessThanOrEqual(258)
  await fleet.pass(60_000)
  expect(fleet.calls.hold).toBeLessThan(100)
  expect(fleet.calls.leases).toBeLessThan(3_500)
})

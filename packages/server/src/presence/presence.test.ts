import { expect, test } from 'bun:test'
import type { Presence as PresenceStatus } from '@tam/protocol'
import { FakeClock } from '@tam/testkit'
import { MemoryCache } from '../ports/cache/cache.memory.ts'
import { Leases } from './leases.ts'
import { Presence } from './presence.ts'
import type { PersonHere } from './status.ts'

function setUp(cache?: ConstructorParameters<typeof Leases>[0]) {
  const clock = new FakeClock()
  const leases = new Leases(cache ?? new MemoryCache({ clock }))
  const here = new Map<string, PersonHere>()
  const told: { watcher: string; users: readonly PresenceStatus[] }[] = []
  const presence = new Presence<{ name: string }>({
    clock,
    leases,
    people: () => here.values(),
    find: (user) => here.get(user),
    deliver: ({ name }, users) => void told.push({ watcher: name, users }),
  })
  presence.start()
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const statuses = () =>
    told.splice(0).map(({ users }) => users.map(({ id, status }) => `${id} ${status}`).join())
  return { clock, leases, here, presence, pass, statuses, told }
}

test('tells all of the set first, then changes only, at most once a second', async () => {
  const { clock, here, presence, pass, statuses } = setUp()
  here.set('an', { id: 'an', status: 'online', since: clock.now() })
  const watcher = { name: 'w' }
  presence.watch(watcher, ['an', 'binh'])
  await pass(1_000)
  expect(statuses()).toEqual(['an online,binh offline'])
  await pass(5_000)
  expect(statuses()).toEqual([])
  here.set('an', { id: 'an', status: 'away', since: clock.now() })
  here.set('binh', { id: 'binh', status: 'online', since: clock.now() })
  await pass(1_000)
  expect(statuses()).toEqual(['an away,binh online'])
  presence.forget(watcher)
  here.clear()
  await pass(10_000)
  expect(statuses()).toEqual([])
})

test('a person of another server is known by the lease, until it expires', async () => {
  const { clock, leases, presence, pass, statuses, told } = setUp()
  const since = clock.now() - 60_000
  await leases.write('an', { status: 'online', since, asOf: clock.now() })
  presence.watch({ name: 'w' }, ['an'])
  await pass(1_000)
  expect(told[0]?.users[0]).toMatchObject({ status: 'online', since: new Date(since).toISOString() })
  expect(statuses()).toEqual(['an online'])
  await pass(36_000)
  expect(statuses()).toEqual(['an offline'])
})

test('people here keep their lease alive; it says since when they are gone', async () => {
  const { clock, leases, here, presence, pass } = setUp()
  here.set('an', { id: 'an', status: 'online', since: clock.now() })
  await pass(60_000)
  expect(await leases.read('an')).toMatchObject({ status: 'online' })
  here.delete('an')
  presence.gone('an')
  const gone = clock.now()
  await pass(3_600_000)
  expect(await leases.read('an')).toEqual({ status: 'offline', since: gone, asOf: gone })
})

test('[PR3] a status is unknown while leases cannot be read, and known again afterwards', async () => {
  let isDown = true
  const cache = {
    get: async () => {
      if (isDown) {
        throw new Error('down')
      }
      return undefined
    },
    set: async () => {
      throw new Error('down')
    },
  }
  const { presence, pass, statuses } = setUp(cache)
  presence.watch({ name: 'w' }, ['an'])
  await pass(1_000)
  expect(statuses()).toEqual(['an unknown'])
  isDown = false
  await pass(6_000)
  expect(statuses()).toEqual(['an offline'])
})

test('a set replaced faster than once a second is answered for its last state', async () => {
  const { here, clock, presence, pass, statuses } = setUp()
  for (const id of ['an', 'binh', 'chi']) {
    here.set(id, { id, status: 'online', since: clock.now() })
  }
  const watcher = { name: 'w' }
  presence.watch(watcher, ['an'])
  await new Promise((resolve) => setImmediate(resolve))
  presence.watch(watcher, ['binh'])
  presence.watch(watcher, ['chi'])
  await pass(2_000)
  expect(statuses()).toEqual(['an online', 'chi online'])
})

import { expect, test } from 'bun:test'
import { systemRandom } from '@tam/util'
import { MemoryBus } from '../ports/bus/bus.memory.ts'
import { type Bus, topics } from '../ports/bus/bus.ts'
import type { Kv } from '../ports/kv/kv.ts'
import { hearAccountNews } from './account-news.ts'
import { AccountStore } from './account-store.ts'
import { register, setUpAccounts } from './tests/setup.ts'

/** A person, and two servers that know them. */
async function setUp(bus: Pick<Bus, 'subscribe' | 'onDiscontinuity'> = new MemoryBus(() => {})) {
  const world = await setUpAccounts()
  const { id } = await register(world, { name: 'Nguyễn Thị Ân' })
  const read: { done: Promise<void> } = { done: Promise.resolve() }
  const kv: Kv = Object.assign(Object.create(world.kv) as Kv, {
    async getMany(refs: Parameters<Kv['getMany']>[0]) {
      const rows = await world.kv.getMany(refs)
      await read.done
      return rows
    },
    commit: world.kv.commit.bind(world.kv),
    get: world.kv.get.bind(world.kv),
  })
  const store = () => new AccountStore({ kv, clock: world.clock, random: systemRandom })
  const [here, there] = [store(), store()]
  await hearAccountNews(bus, there)
  const nameThere = async () => (await there.getMany([id]))[0]?.name
  expect(await nameThere()).toBe('Nguyễn Thị Ân')
  const rename = (name: string) => here.patch(id, { name })
  return { id, read, rename, nameThere }
}

const frameOf = (id: string) => JSON.stringify({ t: 'profile', users: [{ id, name: 'Ân' }] })

test('a change made at another server shows as soon as it is told', async () => {
  const bus = new MemoryBus(() => {})
  const { id, rename, nameThere } = await setUp(bus)
  await rename('Ân')
  bus.publish(topics.people, frameOf(id))
  expect(await nameThere()).toBe('Ân')
})

test('what was being read when the change was told is not remembered', async () => {
  const bus = new MemoryBus(() => {})
  const { id, read, rename, nameThere } = await setUp(bus)
  bus.publish(topics.people, frameOf(id))
  const gate = Promise.withResolvers<void>()
  read.done = gate.promise
  const before = nameThere()
  await Bun.sleep(0)
  await rename('Ân')
  bus.publish(topics.people, frameOf(id))
  gate.resolve()
  expect(await before).toBe('Nguyễn Thị Ân')
  expect(await nameThere()).toBe('Ân')
})

test('after something may have been missed nothing is remembered', async () => {
  const listeners: (() => void)[] = []
  const { rename, nameThere } = await setUp({
    subscribe: async () => {},
    onDiscontinuity: (listener) => {
      listeners.push(listener)
      return () => {}
    },
  })
  await rename('Ân')
  expect(await nameThere()).toBe('Nguyễn Thị Ân')
  listeners.forEach((listener) => listener())
  expect(await nameThere()).toBe('Ân')
})

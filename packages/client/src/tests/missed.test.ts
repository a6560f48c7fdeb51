import { expect, test } from 'bun:test'
import { must } from '@tam/util'
import { drain, type TestDevice } from './test-network.ts'
import { fill, twoPeople, type TwoPeople } from './two-people.ts'

/** Keeps a person on screen, as a component does: looks anew whenever something has changed. */
function show({ client }: TestDevice, user: string): () => string | undefined {
  let name = client.users.get(user)?.name
  client.users.subscribe(() => {
    name = client.users.get(user)?.name
  })
  return () => name
}

/** A new name that nobody is told of. */
function rename({ network }: TwoPeople, user: string, name: string): void {
  const person = must(network.server.store.people.get(user))
  network.server.store.people.set(user, { ...person, name })
}

/** Longer than a call for people is collected. */
const COLLECTED_MS = 300

test('[RS10] after `missed` a device that stayed connected has the read position and the name it was not told', async () => {
  const people = await twoPeople()
  const { huong, network, direct } = people
  fill(people, direct, 'dat', 5)
  const name = show(huong, 'dat')
  await network.pass(COLLECTED_MS, 100)
  const summary = () => huong.client.conversation(direct.id).summary.get()
  expect([summary()?.unread, name()]).toEqual([5, 'Trần Văn Đạt'])
  network.server.store.read(direct, 'huong', 4)
  rename(people, 'dat', 'Đạt')
  await network.pass(COLLECTED_MS, 100)
  expect([summary()?.unread, name()]).toEqual([5, 'Trần Văn Đạt'])
  network.server.tellMissed('huong')
  await network.pass(COLLECTED_MS, 100)
  expect(summary()).toMatchObject({ read: 4, unread: 1, head: 5 })
  expect(name()).toBe('Đạt')
  expect(huong.opened).toBe(1)
  fill(people, direct, 'dat', 1)
  await network.settle()
  expect(summary()).toMatchObject({ head: 6, unread: 2 })
  expect(huong.messages.at(-1)).toBe('tin 6')
  expect(network.server.violations).toEqual([])
})

test('[RS10] what is missed while the answer is awaited is asked for once more, and no oftener', async () => {
  const people = await twoPeople()
  const { huong, network, direct } = people
  fill(people, direct, 'dat', 5)
  await network.settle()
  const pair = must(huong.pair)
  const asked = () => pair.waiting('up').filter((frame) => JSON.parse(frame).t === 'sync').length
  for (let i = 0; i < 4; i++) {
    network.server.tellMissed('huong')
  }
  pair.flush('down')
  expect(asked()).toBe(1)
  pair.flush('up')
  network.server.store.read(direct, 'huong', 5)
  pair.flush('down')
  expect(huong.client.conversation(direct.id).summary.get()).toMatchObject({ read: 0, unread: 5 })
  await drain()
  expect(asked()).toBe(1)
  await network.settle()
  expect(huong.client.conversation(direct.id).summary.get()).toMatchObject({ read: 5, unread: 0 })
})

test('[RS10] a client that was away asks anew for the people it shows, and for others when they are looked at', async () => {
  const people = await twoPeople()
  const { huong, network } = people
  const { client } = huong
  network.server.store.addPerson('lan', 'Lê Thị Lan')
  client.users.get('lan')
  const name = show(huong, 'dat')
  await network.pass(COLLECTED_MS, 100)
  huong.setOffline(true)
  rename(people, 'dat', 'Đạt')
  rename(people, 'lan', 'Lan')
  huong.setOffline(false)
  await network.pass(2_000)
  expect(name()).toBe('Đạt')
  expect(client.users.get('lan')?.name).toBe('Lê Thị Lan')
  await network.pass(COLLECTED_MS, 100)
  expect(client.users.get('lan')?.name).toBe('Lan')
})

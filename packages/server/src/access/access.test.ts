import { expect, test } from 'bun:test'
import { expectCode } from '../conversations/tests/expect-code.ts'
import { createAccess } from './create-access.ts'
import { Store, createWorld, type World } from '../conversations/tests/world.ts'

async function createGroup({ conversations }: World): Promise<string> {
  return (await conversations.createGroup('an', { title: 'Nhóm', memberIds: ['binh'] })).conversation.id
}

/** What another server hears of the log by the bus. */
async function hear(world: World, conv: string, from: number): Promise<void> {
  world.access.onEntries(conv, await world.log.read(conv, from, await world.log.head(conv)))
}

test('memory answers after the first question, and says so when it cannot', async () => {
  const { access, ...world } = createWorld(new Store())
  const id = await createGroup({ access, ...world })
  access.forget(id)
  expect(access.memberCached(id, 'binh')).toBeNull()
  expect(await access.member(id, 'binh')).toBe('member')
  expect(access.memberCached(id, 'binh')).toBe('member')
  expect(await access.member(id, 'chi')).toBeUndefined()
  expect(access.memberCached(id, 'chi')).toBeNull()
})

test('an entry heard from another server changes what memory says at once', async () => {
  const store = new Store()
  const [here, there] = [createWorld(store), createWorld(store)]
  const id = await createGroup(there)
  expect([...(await here.access.members(id)).keys()].sort()).toEqual(['an', 'binh'])
  expect((await here.access.conversation(id)).memberCount).toBe(2)
  await there.conversations.removeMember('an', id, 'binh')
  await there.conversations.addMembers('an', id, ['chi'])
  await there.conversations.setRole('an', id, 'chi', 'admin')
  await there.conversations.patchDetails('an', id, { title: 'Tên mới' })
  await hear(here, id, 3)
  expect(here.access.memberCached(id, 'binh')).toBeNull()
  expect(await here.access.member(id, 'binh')).toBeUndefined()
  expect(await here.access.member(id, 'chi')).toBe('admin')
  expect(Object.fromEntries(await here.access.members(id))).toEqual({ an: 'owner', chi: 'admin' })
  expect(await here.access.conversation(id)).toMatchObject({ title: 'Tên mới', memberCount: 2 })
})

test('[CN8] without any news memory is believed for ten seconds', async () => {
  const store = new Store()
  const [here, there] = [createWorld(store), createWorld(store)]
  const id = await createGroup(there)
  await here.access.member(id, 'binh')
  await there.conversations.removeMember('an', id, 'binh')
  expect(await here.access.member(id, 'binh')).toBe('member')
  store.clock.advance(10_000)
  expect(await here.access.member(id, 'binh')).toBeUndefined()
})

test('a reading that began before a removal is not remembered after it', async () => {
  const store = new Store()
  const id = await createGroup(createWorld(store))
  const answers: (() => void)[] = []
  const slow = createWorld(store, {
    kv: {
      get: async (partition, key) => {
        const row = await store.get(partition, key)
        await new Promise<void>((resolve) => answers.push(resolve))
        return row
      },
      getMany: (refs) => store.getMany(refs),
      scan: (partition, range) => store.scan(partition, range),
      commit: (partition, change) => store.commit(partition, change),
      close: () => store.close(),
    },
  })
  const before = slow.access.member(id, 'binh')
  await Bun.sleep(0)
  const there = createWorld(store)
  await there.conversations.removeMember('an', id, 'binh')
  slow.access.onEntries(id, await there.log.read(id, 3, 3))
  const after = slow.access.member(id, 'binh')
  await Bun.sleep(0)
  for (const answer of answers) {
    answer()
  }
  expect(await before).toBe('member')
  expect(await after).toBeUndefined()
  expect(slow.access.memberCached(id, 'binh')).toBeNull()
})

test('those who ask at the same time go on in the order they asked', async () => {
  const store = new Store()
  const id = await createGroup(createWorld(store))
  const { access } = createWorld(store)
  const order: number[] = []
  await Promise.all([1, 2, 3].map((name) => access.member(id, 'an').then(() => order.push(name))))
  expect(order).toEqual([1, 2, 3])
})

test('requirements are refused with what may be known', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  expect(await world.access.requireMember(id, 'binh')).toBe('member')
  expect(await world.access.requireRole(id, 'an', 'admin')).toBe('owner')
  await expectCode(world.access.requireRole(id, 'binh', 'admin'), 'forbidden')
  await expectCode(world.access.requireRole(id, 'chi', 'member'), 'not_found')
  await expectCode(world.access.conversation('AAAAAAAAAAAA'), 'not_found')
})

test('standings cost no further reading', async () => {
  const store = new Store()
  const id = await createGroup(createWorld(store))
  const { access } = createWorld(store)
  expect(await access.standings('binh', ['AAAAAAAAAAAA', id])).toMatchObject([
    { role: undefined, meta: undefined },
    { role: 'member', meta: { id, memberCount: 2 } },
  ])
  expect(access.memberCached(id, 'binh')).toBe('member')
  expect(access.memberCached('AAAAAAAAAAAA', 'binh')).toBeNull()
})

/** Access of a server that shares the store, and that store's reads. */
function shared(store: Store, heardSince: (conv: string) => number | undefined) {
  const reads: string[] = []
  const kv: Pick<Store, 'get' | 'getMany' | 'scan'> = {
    get: (partition, key) => (reads.push(key), store.get(partition, key)),
    getMany: (refs) => (reads.push(...refs.map(({ key }) => key)), store.getMany(refs)),
    scan: (partition, range) => (reads.push(range.from), store.scan(partition, range)),
  }
  return { access: createAccess({ kv, clock: store.clock, heardSince }), reads }
}

test('what is not heard of is never believed twice', async () => {
  const store = new Store()
  const there = createWorld(store)
  const id = await createGroup(there)
  const { access } = shared(store, () => undefined)
  expect([await access.member(id, 'binh'), (await access.conversation(id)).title]).toEqual(['member', 'Nhóm'])
  expect([...(await access.members(id)).keys()].sort()).toEqual(['an', 'binh'])
  await there.conversations.removeMember('an', id, 'binh')
  await there.conversations.patchDetails('an', id, { title: 'Tên mới' })
  expect(access.memberCached(id, 'binh')).toBeNull()
  expect([await access.member(id, 'binh'), (await access.conversation(id)).title]).toEqual([
    undefined,
    'Tên mới',
  ])
  expect([...(await access.members(id)).keys()]).toEqual(['an'])
})

test('standings are read at once, and again unless they are heard of', async () => {
  for (const heardSince of [undefined, 0]) {
    const store = new Store()
    const id = await createGroup(createWorld(store))
    const { access, reads } = shared(store, () => heardSince)
    const expected = [
      { role: 'member', meta: { title: 'Nhóm' } },
      { role: undefined, meta: undefined },
    ] as const
    expect(await access.standings('binh', [id, 'AAAAAAAAAAAA'])).toMatchObject(expected)
    expect(reads).toEqual(['meta', 'member/binh', 'meta', 'member/binh'])
    reads.length = 0
    expect(await access.standings('binh', [id])).toMatchObject([expected[0]])
    expect(reads).toHaveLength(heardSince === undefined ? 2 : 0)
  }
})

test('what was read before everything was heard is not believed', async () => {
  const store = new Store()
  const there = createWorld(store)
  const id = await createGroup(there)
  let since: number | undefined = store.clock.monotonic()
  const { access } = shared(store, () => since)
  await access.member(id, 'binh')
  await there.conversations.removeMember('an', id, 'binh')
  expect(await access.member(id, 'binh')).toBe('member')
  store.clock.advance(1)
  since = store.clock.monotonic()
  expect(await access.member(id, 'binh')).toBeUndefined()
})

import { describe, expect, test } from 'bun:test'
import type { ConversationEntry, UserEntry } from '@tam/protocol'
import { STAFF_MAX } from './limits.ts'
import { META, convPartition } from './rows.ts'
import { expectCode, outcomes } from './tests/expect-code.ts'
import { expectWhole } from './tests/whole.ts'
import { Store, createWorld, type World } from './tests/world.ts'

const read = async <T>({ log }: World, id: string) =>
  (await log.read(id, 1, await log.head(id))).map((entry) => JSON.parse(entry) as T)

async function createGroup({ conversations }: World, memberIds: string[] = ['binh', 'chi']): Promise<string> {
  return (await conversations.createGroup('an', { title: 'Nhóm dự án', memberIds })).conversation.id
}

test('a group begins with its creation, then its members', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  expect(await read<ConversationEntry>(world, id)).toMatchObject([
    { seq: 1, type: 'created', kind: 'group', title: 'Nhóm dự án', from: 'an' },
    { seq: 2, type: 'member', change: 'added', user: 'binh', role: 'member', from: 'an' },
    { seq: 3, type: 'member', change: 'added', user: 'chi', role: 'member', from: 'an' },
  ])
  expect(await read<UserEntry>(world, 'chi')).toMatchObject([
    { type: 'joined', conv: id, kind: 'group', head: 3 },
  ])
  expect(await world.conversations.list('binh')).toMatchObject([
    {
      id,
      title: 'Nhóm dự án',
      role: 'member',
      memberCount: 3,
      head: 3,
      read: 2,
      unread: 0,
      lastMessage: null,
    },
  ])
  expect((await world.conversations.members('binh', id)).map(({ user, role }) => [user.id, role])).toEqual([
    ['an', 'owner'],
    ['binh', 'member'],
    ['chi', 'member'],
  ])
})

test('oneself and doubles among those invited count once; unknown people are named', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world, ['an', 'binh', 'binh'])
  expect((await world.access.conversation(id)).memberCount).toBe(2)
  const refusal = await expectCode(createGroup(world, ['binh', 'nobody']), 'invalid_request')
  expect(refusal.errors).toEqual([{ field: 'memberIds.1', message: 'must be the id of a person' }])
  const adding = await expectCode(world.conversations.addMembers('an', id, ['nobody']), 'invalid_request')
  expect(adding.errors[0]?.field).toBe('userIds.0')
})

test('[RC3] one added later reads all history but has nothing unread', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world, [])
  await world.say('an', id, 'Việc cũ')
  await world.conversations.addMembers('an', id, ['binh'])
  await world.say('an', id, 'Việc mới')
  expect(await world.conversations.get('binh', id)).toMatchObject({ head: 4, read: 3, unread: 1 })
  expect((await world.messages.page('binh', id, {})).messages).toHaveLength(2)
})

test('[MB2] one removed is told, forgotten by the list, and outside at once', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  await world.conversations.removeMember('an', id, 'binh')
  expect((await read<ConversationEntry>(world, id)).at(-1)).toMatchObject({
    change: 'removed',
    user: 'binh',
    from: 'an',
  })
  expect((await read<UserEntry>(world, 'binh')).at(-1)).toMatchObject({ type: 'left', conv: id, from: 'an' })
  expect(await world.conversations.list('binh')).toEqual([])
  expect(world.access.memberCached(id, 'binh')).toBeNull()
  await expectCode(world.say('binh', id, 'Còn ai không?'), 'not_found')
  await expectCode(world.messages.history('binh', id, { after: 0 }), 'not_found')
})

test('one who comes back starts reading at the new joining', async () => {
  const store = new Store()
  const world = createWorld(store)
  const id = await createGroup(world)
  await world.say('an', id, 'Một')
  await world.reads.mark('binh', id, 4)
  await world.conversations.removeMember('binh', id, 'binh')
  await world.say('an', id, 'Hai')
  await world.conversations.addMembers('an', id, ['binh'])
  expect(await world.conversations.get('binh', id)).toMatchObject({ read: 7, unread: 0 })
  expect((await read<UserEntry>(world, 'binh')).map(({ type }) => type)).toEqual(['joined', 'left', 'joined'])
  await expectWhole(store)
})

test('adding those who are members already changes nothing', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  await expectCode(world.conversations.addMembers('an', id, ['binh', 'chi']), 'already_member')
  await world.conversations.addMembers('an', id, ['binh', 'dung'])
  expect((await read<ConversationEntry>(world, id)).at(-1)).toMatchObject({ seq: 4, user: 'dung' })
})

test('title and topic change by one entry; the same again by none', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world, [])
  const renamed = await world.conversations.patchDetails('an', id, { title: 'Tổ trưởng', topic: 'Lịch họp' })
  expect(renamed).toMatchObject({ title: 'Tổ trưởng', topic: 'Lịch họp', head: 2 })
  expect((await read<ConversationEntry>(world, id)).at(-1)).toMatchObject({
    type: 'details',
    title: 'Tổ trưởng',
  })
  expect((await world.conversations.patchDetails('an', id, { title: 'Tổ trưởng' })).head).toBe(2)
})

describe('[MB5] a group is never without an owner', () => {
  test('the last owner can neither leave, step down nor be left behind', async () => {
    const world = createWorld(new Store())
    const id = await createGroup(world)
    await expectCode(world.conversations.removeMember('an', id, 'an'), 'last_owner')
    await expectCode(world.conversations.setRole('an', id, 'an', 'admin'), 'last_owner')
    await world.conversations.setRole('an', id, 'binh', 'owner')
    await world.conversations.removeMember('an', id, 'an')
    await expectCode(world.conversations.removeMember('binh', id, 'binh'), 'last_owner')
  })

  test('one who is alone may leave, and nobody comes in afterwards', async () => {
    const store = new Store()
    const world = createWorld(store)
    const id = await createGroup(world, [])
    const { token } = await world.conversations.createInvite('an', id, {})
    await world.conversations.removeMember('an', id, 'an')
    await expectCode(world.conversations.acceptInvite('binh', token), 'invite_unusable')
    await expectWhole(store)
  })

  test('whoever follows the conversation is told the role that the member row has', async () => {
    const store = new Store()
    const world = createWorld(store)
    const id = await createGroup(world)
    await world.conversations.setRole('an', id, 'binh', 'admin')
    for (const [user, role] of Object.entries({ an: 'owner', binh: 'admin', chi: 'member' } as const)) {
      const refs = await world.conversations.refsOf(user)
      const head = await world.log.head(id)
      expect(await world.conversations.summarise(user, refs, () => head)).toMatchObject([{ id, role, head }])
      expect(await world.conversations.summarise(user, refs)).toMatchObject([{ id, role, head }])
    }
  })

  test('there are at most 100 owners and admins', async () => {
    const store = new Store()
    const world = createWorld(store)
    const id = await createGroup(world)
    const row = await store.get(convPartition(id), META)
    const many = Object.fromEntries(Array.from({ length: STAFF_MAX - 1 }, (_, i) => [`admin-${i}`, 'admin']))
    const value = JSON.stringify({ ...JSON.parse(row!.value), staff: { an: 'owner', ...many } })
    await store.commit(convPartition(id), { put: [{ key: META, value }] })
    await expectCode(world.conversations.setRole('an', id, 'binh', 'admin'), 'forbidden')
    await world.conversations.setRole('an', id, 'an', 'owner')
  })

  test('two owners stepping down or leaving at once, on two servers: one stays', async () => {
    for (let round = 0; round < 20; round++) {
      const store = new Store()
      const worlds = [createWorld(store), createWorld(store)] as const
      const id = await createGroup(worlds[0])
      await worlds[0].conversations.setRole('an', id, 'binh', 'owner')
      const act = ({ conversations }: World, user: string) =>
        round % 2 === 0
          ? conversations.setRole(user, id, user, 'member')
          : conversations.removeMember(user, id, user)
      const { ok, codes } = await outcomes([act(worlds[0], 'an'), act(worlds[1], 'binh')])
      expect({ ok, codes }).toEqual({ ok: 1, codes: ['last_owner'] })
      await expectWhole(store)
    }
  })

  test('two owners demoting each other at once: one wins, the other is no owner any more', async () => {
    const store = new Store()
    const worlds = [createWorld(store), createWorld(store)] as const
    const id = await createGroup(worlds[0])
    await worlds[0].conversations.setRole('an', id, 'binh', 'owner')
    const { ok, codes } = await outcomes([
      worlds[0].conversations.setRole('an', id, 'binh', 'member'),
      worlds[1].conversations.setRole('binh', id, 'an', 'member'),
    ])
    expect({ ok, codes }).toEqual({ ok: 1, codes: ['forbidden'] })
    await expectWhole(store)
  })
})

test('an operation that goes on after somebody else finished it and undid it changes nothing', async () => {
  const store = new Store()
  const id = await createGroup(createWorld(store))
  // The slow server stops between the moment of truth and the person's side.
  const gate = Promise.withResolvers<void>()
  const slow = createWorld(store, {
    kv: {
      ...bound(store),
      commit: async (partition, change) => {
        await (partition === 'user/dung' ? gate.promise : undefined)
        return store.commit(partition, change)
      },
    },
  })
  const adding = slow.conversations.addMembers('an', id, ['dung'])
  const other = createWorld(store)
  while ((await other.access.member(id, 'dung')) === undefined) {
    other.access.forget(id)
    await Bun.sleep(0)
  }
  await other.conversations.removeMember('an', id, 'dung')
  gate.resolve()
  await adding.catch(() => {})
  await other.conversations.sweep({ all: true })
  await expectWhole(store)
  expect(await other.conversations.list('dung')).toEqual([])
})

test('many changes at once by several servers leave one consistent story', async () => {
  const store = new Store()
  const worlds = [createWorld(store), createWorld(store), createWorld(store)]
  const id = await createGroup(worlds[0]!)
  const people = ['dung', 'giang', 'hoa', 'khanh', 'lan', 'minh']
  await outcomes(
    people.flatMap((user, index) => [
      worlds[index % 3]!.conversations.addMembers('an', id, [user]),
      worlds[(index + 1) % 3]!.conversations.removeMember('an', id, user),
      worlds[(index + 2) % 3]!.conversations.setRole('an', id, 'binh', index % 2 === 0 ? 'admin' : 'member'),
    ]),
  )
  await worlds[0]!.conversations.sweep({ all: true })
  await expectWhole(store)
})

test('a group has room for 1,000', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world, [])
  for (let part = 0; part < 5; part++) {
    const users = Array.from({ length: 200 }, (_, index) => `u${part}x${index}`)
    const adding = world.conversations.addMembers('an', id, users)
    await (part < 4 ? adding : expectCode(adding, 'forbidden'))
  }
  expect((await world.access.conversation(id)).memberCount).toBe(801)
  expect((await world.access.members(id)).size).toBe(801)
})

function bound(store: Store) {
  return {
    get: store.get.bind(store),
    getMany: store.getMany.bind(store),
    scan: store.scan.bind(store),
    close: store.close.bind(store),
  }
}

import { expect, test } from 'bun:test'
import { UnknownOutcome, type Kv } from '../ports/kv/kv.ts'
import { expectCode, outcomes } from './tests/expect-code.ts'
import { expectWhole } from './tests/whole.ts'
import { Store, createWorld, type World } from './tests/world.ts'

async function createGroup({ conversations }: World): Promise<string> {
  return (await conversations.createGroup('an', { title: 'Lớp 12A', memberIds: ['binh'] })).conversation.id
}

test('an invitation leads in; a member uses nothing up', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  const invite = await world.conversations.createInvite('an', id, { maxUses: 1 })
  expect(invite).toMatchObject({ url: `http://localhost:8080/i/${invite.token}`, maxUses: 1, uses: 0 })
  expect(await world.conversations.previewInvite('chi', invite.token)).toEqual({
    conversation: { id, kind: 'group', title: 'Lớp 12A', memberCount: 2 },
    joined: false,
  })
  expect((await world.conversations.acceptInvite('binh', invite.token)).memberCount).toBe(2)
  const joined = await world.conversations.acceptInvite('chi', invite.token)
  expect(joined).toMatchObject({ id, role: 'member', memberCount: 3, unread: 0 })
  expect((await world.conversations.acceptInvite('chi', invite.token)).memberCount).toBe(3)
  expect((await world.conversations.previewInvite('chi', invite.token)).joined).toBe(true)
  await expectCode(world.conversations.acceptInvite('dung', invite.token), 'invite_unusable')
  await expectCode(world.conversations.previewInvite('dung', invite.token), 'invite_unusable')
})

test('[MB7] an invitation ends with the right of who made it: removed, demoted, gone', async () => {
  for (const [index, end] of [
    (world: World, id: string) => world.conversations.removeMember('an', id, 'binh'),
    (world: World, id: string) => world.conversations.setRole('an', id, 'binh', 'member'),
    (world: World, id: string) => world.conversations.removeMember('binh', id, 'binh'),
  ].entries()) {
    const world = createWorld(new Store())
    const id = await createGroup(world)
    await world.conversations.setRole('an', id, 'binh', 'admin')
    const { token } = await world.conversations.createInvite('binh', id, {})
    await end(world, id)
    await expectCode(world.conversations.acceptInvite('chi', token), 'invite_unusable')
    await expectCode(world.conversations.previewInvite('chi', token), 'invite_unusable')
    if (index !== 1) {
      await expectCode(world.conversations.acceptInvite('binh', token), 'invite_unusable')
    }
    expect(await world.conversations.invites('an', id)).toEqual([])
  }
})

test('[MB7] a hundred can be open; those that ended take no room', async () => {
  const store = new Store()
  const world = createWorld(store)
  const id = await createGroup(world)
  for (let round = 0; round < 230; round++) {
    const { id: invite } = await world.conversations.createInvite('an', id, {})
    await world.conversations.revokeInvite('an', id, invite)
  }
  for (let round = 0; round < 100; round++) {
    await world.conversations.createInvite('an', id, {})
  }
  expect(await world.conversations.invites('an', id)).toHaveLength(100)
  await expectCode(world.conversations.createInvite('an', id, {}), 'forbidden')
})

test('the token itself is nowhere in the store', async () => {
  const store = new Store()
  const world = createWorld(store)
  const { token } = await world.conversations.createInvite('an', await createGroup(world), {})
  const rows = await Promise.all(
    [...store.partitions].map((name) => store.scan(name, { from: '', to: '\u{10ffff}', limit: 1_000 })),
  )
  expect([...store.partitions, JSON.stringify(rows)].some((text) => text.includes(token))).toBe(false)
})

test('[MB7] an invitation ends at its time, is known as ended for a day, then unknown', async () => {
  const store = new Store()
  const world = createWorld(store)
  const { token } = await world.conversations.createInvite('an', await createGroup(world), { expiresIn: 60 })
  store.clock.advance(60_000)
  await expectCode(world.conversations.acceptInvite('chi', token), 'invite_unusable')
  store.clock.advance(86_400_000)
  await expectCode(world.conversations.acceptInvite('chi', token), 'not_found')
  await expectCode(world.conversations.previewInvite('chi', 'never-was-a-token'), 'not_found')
})

test('[MB7] fifty at once for one use, on two servers: one gets in', async () => {
  const store = new Store()
  const worlds = [createWorld(store), createWorld(store)]
  const id = await createGroup(worlds[0]!)
  const { token } = await worlds[0]!.conversations.createInvite('an', id, { maxUses: 1 })
  const { ok, codes } = await outcomes(
    Array.from({ length: 50 }, (_, index) =>
      worlds[index % 2]!.conversations.acceptInvite(`guest${index}`, token),
    ),
  )
  expect(ok).toBe(1)
  expect(new Set(codes)).toEqual(new Set(['invite_unusable']))
  expect((await createWorld(store).access.members(id)).size).toBe(3)
  await expectWhole(store)
})

test('[MB7] with room for all, all fifty get in, each once', async () => {
  const store = new Store()
  const worlds = [createWorld(store), createWorld(store)]
  const id = await createGroup(worlds[0]!)
  const { token } = await worlds[0]!.conversations.createInvite('an', id, { maxUses: 50 })
  const guests = Array.from({ length: 50 }, (_, index) => `guest${index}`)
  const { ok } = await outcomes(
    guests.flatMap((guest, index) => [
      worlds[index % 2]!.conversations.acceptInvite(guest, token),
      worlds[(index + 1) % 2]!.conversations.acceptInvite(guest, token),
    ]),
  )
  expect(ok).toBe(100)
  expect((await createWorld(store).access.members(id)).size).toBe(52)
  await expectWhole(store)
})

test('only those who manage invite, at most a hundred times', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  await expectCode(world.conversations.createInvite('binh', id, {}), 'forbidden')
  await expectCode(world.conversations.createInvite('chi', id, {}), 'not_found')
  for (let count = 0; count < 100; count++) {
    await world.conversations.createInvite('an', id, {})
  }
  await expectCode(world.conversations.createInvite('an', id, {}), 'forbidden')
})

test('[MB10] open invitations are listed for those who manage, newest first, without a token', async () => {
  const store = new Store()
  const world = createWorld(store)
  const id = await createGroup(world)
  const { conversations } = world
  await conversations.addMembers('an', id, ['chi'])
  await conversations.setRole('an', id, 'chi', 'admin')
  const short = await conversations.createInvite('an', id, { expiresIn: 60 })
  store.clock.advance(1_000)
  const single = await conversations.createInvite('an', id, { maxUses: 1 })
  store.clock.advance(1_000)
  const second = await conversations.createInvite('chi', id, { maxUses: 2 })
  await conversations.acceptInvite('dung', second.token)
  const { token, url: _url, ...listed } = second
  const open = await conversations.invites('an', id)
  expect(open.map((invite) => invite.id)).toEqual([second.id, single.id, short.id])
  expect(open[0]).toEqual({ ...listed, by: 'chi', uses: 1 })
  expect(JSON.stringify(open)).not.toContain(token)
  // Used up, and at its end.
  await conversations.acceptInvite('hoa', single.token)
  store.clock.advance(60_000)
  expect((await conversations.invites('chi', id)).map((invite) => invite.id)).toEqual([second.id])
})

test('[MB10] one taken back says what an ended one says, for a day, and to nobody more', async () => {
  const store = new Store()
  const world = createWorld(store)
  const id = await createGroup(world)
  const { conversations } = world
  const invite = await conversations.createInvite('an', id, { expiresIn: 90 * 86_400 })
  const other = await conversations.createInvite('an', id, {})
  await conversations.acceptInvite('chi', invite.token)
  await conversations.revokeInvite('an', id, invite.id)
  await expectCode(conversations.acceptInvite('dung', invite.token), 'invite_unusable')
  await expectCode(conversations.previewInvite('dung', invite.token), 'invite_unusable')
  expect((await conversations.invites('an', id)).map((open) => open.id)).toEqual([other.id])
  // Who is in stays in, and a repetition is nothing.
  expect((await conversations.previewInvite('chi', invite.token)).joined).toBe(true)
  await conversations.revokeInvite('an', id, invite.id)
  store.clock.advance(86_400_000)
  await expectCode(conversations.acceptInvite('dung', invite.token), 'not_found')
  await expectCode(conversations.revokeInvite('an', id, invite.id), 'not_found')
  expect((await conversations.acceptInvite('dung', other.token)).id).toBe(id)
  await expectWhole(store)
})

test('[MB10] an invitation of another conversation is not there', async () => {
  const world = createWorld(new Store())
  const [id, other] = [await createGroup(world), await createGroup(world)]
  const invite = await world.conversations.createInvite('an', other, {})
  await expectCode(world.conversations.revokeInvite('an', id, invite.id), 'not_found')
  await expectCode(world.conversations.revokeInvite('an', other, invite.id.slice(0, 11)), 'not_found')
  expect(await world.conversations.invites('an', other)).toHaveLength(1)
})

test('[MB10] taken back while a use of it is being counted: nobody gets in, and it stays taken back', async () => {
  const store = new Store()
  const here = createWorld(store)
  const id = await createGroup(here)
  const invite = await here.conversations.createInvite('an', id, {})
  let revoked = false
  const late = withCommit(store, async (partition, change) => {
    if (!revoked && change.put?.some(({ key }) => key.startsWith('invite/'))) {
      revoked = true
      await here.conversations.revokeInvite('an', id, invite.id)
    }
    return store.commit(partition, change)
  })
  const there = createWorld(store, { kv: late })
  await expectCode(there.conversations.acceptInvite('chi', invite.token), 'invite_unusable')
  expect(revoked).toBe(true)
  expect(await here.conversations.invites('an', id)).toEqual([])
  await expectWhole(store)
})

test('[MB10] a use that is counted while it is being taken back: who is in stays, nobody follows', async () => {
  const store = new Store()
  const there = createWorld(store)
  const id = await createGroup(there)
  const invite = await there.conversations.createInvite('an', id, {})
  let used = false
  const late = withCommit(store, async (partition, change) => {
    if (!used) {
      used = true
      await there.conversations.acceptInvite('chi', invite.token)
    }
    return store.commit(partition, change)
  })
  await createWorld(store, { kv: late }).conversations.revokeInvite('an', id, invite.id)
  expect((await createWorld(store).access.members(id)).has('chi')).toBe(true)
  await expectCode(there.conversations.acceptInvite('dung', invite.token), 'invite_unusable')
  await expectWhole(store)
})

test('[MB10] an answer of the store that is lost leaves it taken back', async () => {
  const store = new Store()
  const { conversations } = createWorld(store)
  const id = await createGroup(createWorld(store))
  const invite = await conversations.createInvite('an', id, {})
  let lost = false
  const forgetful = withCommit(store, async (partition, change) => {
    const result = await store.commit(partition, change)
    if (!lost) {
      lost = true
      throw new UnknownOutcome()
    }
    return result
  })
  await createWorld(store, { kv: forgetful }).conversations.revokeInvite('an', id, invite.id)
  await expectCode(conversations.acceptInvite('chi', invite.token), 'invite_unusable')
})

function withCommit(store: Store, commit: Kv['commit']): Kv {
  return {
    get: (partition, key) => store.get(partition, key),
    getMany: (refs) => store.getMany(refs),
    scan: (partition, range) => store.scan(partition, range),
    commit,
    close: () => store.close(),
  }
}

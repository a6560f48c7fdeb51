import { expect, test } from 'bun:test'
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

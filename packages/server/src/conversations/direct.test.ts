import { expect, test } from 'bun:test'
import type { UserEntry } from '@tam/protocol'
import { directId } from './directs.ts'
import { expectCode } from './tests/expect-code.ts'
import { expectWhole } from './tests/whole.ts'
import { Store, createWorld, type World } from './tests/world.ts'

const ownLog = async ({ log }: World, user: string) =>
  (await log.read(user, 1, await log.head(user))).map((entry) => JSON.parse(entry) as UserEntry)

test('[MB3] both sides get the same conversation, whoever begins', async () => {
  const world = createWorld(new Store())
  const first = await world.conversations.createDirect('an', 'binh')
  const again = await world.conversations.createDirect('an', 'binh')
  const other = await world.conversations.createDirect('binh', 'an')
  expect([first.created, again.created, other.created]).toEqual([true, false, false])
  expect(new Set([first, again, other].map(({ conversation }) => conversation.id))).toEqual(
    new Set([directId('binh', 'an')]),
  )
  expect(first.conversation).toMatchObject({
    kind: 'direct',
    title: null,
    peer: 'binh',
    memberCount: 2,
    head: 0,
  })
  expect(other.conversation.peer).toBe('an')
})

test('[MB3] both sides at once, on two servers, make one', async () => {
  for (let round = 0; round < 20; round++) {
    const store = new Store()
    const worlds = [createWorld(store), createWorld(store)] as const
    const created = await Promise.all([
      worlds[0].conversations.createDirect('an', 'binh'),
      worlds[1].conversations.createDirect('binh', 'an'),
    ])
    expect(created.filter((one) => one.created)).toHaveLength(1)
    expect(created[0].conversation.id).toBe(created[1].conversation.id)
    expect(await worlds[0].conversations.list('binh')).toHaveLength(1)
    expect(await ownLog(worlds[0], 'an')).toHaveLength(1)
    expect(await ownLog(worlds[0], 'binh')).toHaveLength(1)
  }
})

test('[MB4] the other side sees it with the first message, and then from its beginning', async () => {
  const store = new Store()
  const world = createWorld(store)
  const { conversation } = await world.conversations.createDirect('an', 'binh')
  expect(await world.conversations.list('binh')).toEqual([])
  await expectCode(world.conversations.get('binh', conversation.id), 'not_found')
  await world.say('an', conversation.id, 'Chào Bình')
  expect(await world.conversations.list('binh')).toMatchObject([
    { unread: 1, lastMessage: { text: 'Chào Bình' } },
  ])
  expect(await ownLog(world, 'binh')).toMatchObject([
    { type: 'joined', conv: conversation.id, kind: 'direct', title: null, head: 0, from: 'an' },
  ])
  await expectWhole(store)
})

test('[MB4] first messages from both sides at once show it to both, once', async () => {
  const store = new Store()
  const worlds = [createWorld(store), createWorld(store)] as const
  const { id } = (await worlds[0].conversations.createDirect('an', 'binh')).conversation
  await worlds[1].conversations.createDirect('binh', 'an')
  await Promise.all([
    worlds[0].say('an', id, 'Chào'),
    worlds[1].say('binh', id, 'Chào!'),
    worlds[0].say('an', id, 'Alo'),
  ])
  expect(await ownLog(worlds[1], 'an')).toHaveLength(1)
  expect(await ownLog(worlds[1], 'binh')).toHaveLength(1)
  await expectWhole(store)
})

test('a direct conversation with oneself or nobody is refused', async () => {
  const { conversations } = createWorld(new Store())
  expect((await expectCode(conversations.createDirect('an', 'an'), 'invalid_request')).errors[0]?.field).toBe(
    'userId',
  )
  await expectCode(conversations.createDirect('an', 'nobody'), 'not_found')
})

test('nobody is added to, removed from or leaves a direct conversation', async () => {
  const { conversations } = createWorld(new Store())
  const { id } = (await conversations.createDirect('an', 'binh')).conversation
  await expectCode(conversations.addMembers('an', id, ['chi']), 'forbidden')
  await expectCode(conversations.removeMember('an', id, 'binh'), 'forbidden')
  await expectCode(conversations.removeMember('an', id, 'an'), 'forbidden')
  await expectCode(conversations.setRole('an', id, 'binh', 'owner'), 'forbidden')
  await expectCode(conversations.patchDetails('an', id, { title: 'Hai ta' }), 'forbidden')
  await expectCode(conversations.createInvite('an', id, {}), 'forbidden')
  await expectCode(conversations.joinChannel('chi', id), 'not_found')
})

test('the id of a direct conversation leaves an entry of 100 bytes under 300', () => {
  const [from, to] = ['Nguoi0000001', 'Nguoi0000002']
  const entry = {
    seq: 1_000_000,
    type: 'message',
    id: 'Message00001',
    from,
    cid: 'x'.repeat(22),
    text: 'x'.repeat(100),
    at: '2026-09-01T08:00:00.000Z',
  }
  const frame = { t: 'entry', conv: directId(from, to), entries: [entry] }
  expect(JSON.stringify(frame).length).toBeLessThan(300)
})

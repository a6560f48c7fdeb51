import { expect, spyOn, test } from 'bun:test'
import { MEMBERS_MAX } from './limits.ts'
import { expectCode } from './tests/expect-code.ts'
import { expectWhole } from './tests/whole.ts'
import { Store, createWorld } from './tests/world.ts'

test('[MB8] anybody finds and joins a public channel; marks do not matter', async () => {
  const store = new Store()
  const { conversations } = createWorld(store)
  const { conversation } = await conversations.createChannel('an', {
    title: 'Đà Nẵng ăn gì',
    topic: 'Quán ngon',
    public: true,
  })
  await conversations.createChannel('an', { title: 'Ảnh đẹp', public: true })
  const channel = {
    id: conversation.id,
    title: 'Đà Nẵng ăn gì',
    topic: 'Quán ngon',
    memberCount: 1,
    joined: false,
  }
  expect(await conversations.browseChannels('binh', 'da nang')).toEqual([channel])
  expect(await conversations.browseChannels('binh', 'NGON quán')).toEqual([channel])
  expect((await conversations.browseChannels('binh', '')).map(({ title }) => title)).toEqual([
    'Ảnh đẹp',
    'Đà Nẵng ăn gì',
  ])
  const joined = await conversations.joinChannel('binh', conversation.id)
  expect(joined).toMatchObject({
    id: conversation.id,
    role: 'member',
    public: true,
    unread: 0,
    memberCount: 2,
  })
  expect((await conversations.joinChannel('binh', conversation.id)).memberCount).toBe(2)
  expect(await conversations.browseChannels('binh', 'da nang')).toEqual([
    { ...channel, memberCount: 2, joined: true },
  ])
  await expectWhole(store)
})

test('a crowd on two servers joins by a few changes, each of them once', async () => {
  const store = new Store()
  const commits = spyOn(store, 'commit')
  const servers = [createWorld(store), createWorld(store)]
  const channel = { title: 'Chợ hoa', public: true }
  const { id } = (await servers[0]!.conversations.createChannel('an', channel)).conversation
  commits.mockClear()
  const crowd = Array.from({ length: 60 }, (_, i) => `nguoi-${i % 50}`)
  const joined = await Promise.all(
    crowd.map((user, i) => servers[i % 2]!.conversations.joinChannel(user, id)),
  )
  expect(joined.every(({ role }) => role === 'member')).toBe(true)
  expect(await servers[0]!.log.head(id)).toBe(51)
  // The rows and own logs of fifty people, and little more.
  expect(commits.mock.calls.length).toBeLessThan(160)
  await expectWhole(store)
})

test('the last places go to those who fit', async () => {
  const store = new Store()
  const { conversations } = createWorld(store)
  const { id } = (await conversations.createChannel('an', { title: 'Hội làng', public: true })).conversation
  const meta = await store.get(`conv/${id}`, 'meta')
  const value = JSON.stringify({ ...JSON.parse(meta!.value), members: MEMBERS_MAX.channel - 2 })
  await store.commit(`conv/${id}`, { put: [{ key: 'meta', value }] })
  const crowd = ['binh', 'chi', 'dung', 'giang', 'an']
  const results = await Promise.allSettled(crowd.map((user) => conversations.joinChannel(user, id)))
  expect(results.map((result) => (result.status === 'fulfilled' ? 'ok' : result.reason.code))).toEqual([
    'ok',
    'ok',
    'forbidden',
    'forbidden',
    'ok',
  ])
})

test('a private channel and a group are neither found nor joined', async () => {
  const { conversations } = createWorld(new Store())
  const hidden = (await conversations.createChannel('an', { title: 'Ban giám đốc' })).conversation
  const group = (await conversations.createGroup('an', { title: 'Nhóm' })).conversation
  expect(hidden.public).toBe(false)
  expect(await conversations.browseChannels('binh', '')).toEqual([])
  await expectCode(conversations.joinChannel('binh', hidden.id), 'not_found')
  await expectCode(conversations.joinChannel('binh', group.id), 'not_found')
  await expectCode(conversations.joinChannel('binh', 'no-such-conv'), 'not_found')
})

test('a channel everybody left is gone', async () => {
  const { conversations } = createWorld(new Store())
  const { id } = (await conversations.createChannel('an', { title: 'Chợ phiên', public: true })).conversation
  await conversations.removeMember('an', id, 'an')
  expect(await conversations.browseChannels('binh', '')).toEqual([])
  await expectCode(conversations.joinChannel('binh', id), 'not_found')
})

test('receipts are off in channels', async () => {
  const { conversations } = createWorld(new Store())
  const { id } = (await conversations.createChannel('an', { title: 'Bản tin', public: true })).conversation
  expect((await conversations.members('an', id)).map(({ read }) => read)).toEqual([null])
})

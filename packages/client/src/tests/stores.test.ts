import { expect, test } from 'bun:test'
import { UNREAD_CAP } from '../sync/state.ts'
import { PRESENCE_EXPIRY_MS } from '../store/presence.ts'
import { TYPING_EXPIRY_MS } from '../store/typing.ts'
import { fill, twoPeople } from './two-people.ts'

test('[PRS-02] typing is told at most every 3 s, shown to the other, and gone 6 s later or with the message', async () => {
  const people = await twoPeople()
  const here = people.huong.client.conversation(people.direct.id)
  const there = people.dat.client.conversation(people.direct.id)
  const sent: string[] = []
  people.network.rewrite = (frame) => (frame.t === 'typing' && sent.push(frame.t), frame)
  for (let key = 0; key < 10; key++) {
    here.notifyTyping()
  }
  await people.network.settle()
  expect(sent).toHaveLength(1)
  expect(there.typing.get()).toEqual(['huong'])
  await people.network.pass(TYPING_EXPIRY_MS)
  expect(there.typing.get()).toEqual([])
  here.notifyTyping()
  await people.network.settle()
  expect(there.typing.get()).toEqual(['huong'])
  here.send('Xong rồi')
  await people.network.settle()
  expect(there.typing.get()).toEqual([])
})

test('[UNR-08] reading on one device clears the other; moves are collected into one frame', async () => {
  const people = await twoPeople()
  const phone = people.network.device('huong')
  await phone.start()
  fill(people, people.direct, 'dat', 5)
  await people.network.settle()
  const laptop = people.huong.client.conversation(people.direct.id)
  const reads: number[] = []
  people.network.rewrite = (frame) => (frame.t === 'read' && reads.push(frame.seq), frame)
  for (const seq of [1, 2, 3, 4]) {
    laptop.markRead(seq)
  }
  expect(laptop.summary.get()).toMatchObject({ read: 4, unread: 1 })
  await people.network.pass(500)
  expect(reads).toEqual([4])
  expect(phone.client.conversation(people.direct.id).summary.get()).toMatchObject({ read: 4, unread: 1 })
})

test('[UNR-08] what was read last is told before the page goes', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 5)
  await people.network.settle()
  people.huong.client.conversation(people.direct.id).markRead(4)
  people.huong.surroundings('hidden')
  await people.network.settle()
  expect(people.direct.members.get('huong')).toBe(4)
})

test('a read position that a lost connection swallowed is told again', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 5)
  await people.network.settle()
  people.huong.setOffline(true)
  people.huong.client.conversation(people.direct.id).markRead(3)
  await people.network.pass(1_000)
  people.huong.setOffline(false)
  await people.network.pass(3_000)
  expect(people.direct.members.get('huong')).toBe(3)
  expect(people.huong.client.conversation(people.direct.id).summary.get()).toMatchObject({
    read: 3,
    unread: 2,
  })
})

test('[UNR-05] the count is exact again when the position moves among messages that are not at hand', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 400)
  await people.huong.restart()
  await people.network.settle()
  const handle = people.huong.client.conversation(people.direct.id)
  expect(handle.summary.get()?.unread).toBe(UNREAD_CAP)
  handle.markRead(340)
  await people.network.settle()
  expect(handle.summary.get()).toMatchObject({ read: 340, unread: 60 })
})

test('people are asked for together, once, and again when they could not be had', async () => {
  const people = await twoPeople()
  const { client } = people.huong
  const versions: number[] = []
  client.users.subscribe(() => versions.push(client.users.version()))
  people.huong.setOffline(true)
  expect(client.users.get('dat')).toBeUndefined()
  expect(client.users.get('huong')).toBeUndefined()
  await people.network.pass(100)
  people.huong.setOffline(false)
  await people.network.pass(3_000)
  expect(client.users.get('dat')?.name).toBe('Trần Văn Đạt')
  expect(client.users.get('huong')?.name).toBe('Nguyễn Thị Hường')
  // To be looked at anew once connected, and answered.
  expect(versions).toHaveLength(2)
})

test('members are live once loaded, and receipts follow', async () => {
  const people = await twoPeople()
  people.network.server.store.addPerson('ly', 'Phạm Thị Lý')
  const handle = people.huong.client.conversation(people.group.id)
  const names = () => handle.members.get()?.map(({ user }) => user.name)
  expect(handle.members.get()).toBeUndefined()
  await handle.loadMembers()
  expect(names()).toEqual(['Nguyễn Thị Hường', 'Trần Văn Đạt'])
  people.network.server.changeMember(people.group.id, 'ly', 'added', 'dat')
  await people.network.settle()
  expect(names()).toEqual(['Nguyễn Thị Hường', 'Trần Văn Đạt', 'Phạm Thị Lý'])
  expect(people.huong.client.users.get('ly')?.name).toBe('Phạm Thị Lý')
  people.network.server.changeMember(people.group.id, 'ly', 'removed', 'dat')
  await people.network.settle()
  expect(names()).toHaveLength(2)
  people.dat.client.conversation(people.group.id).markRead(2)
  await people.network.pass(500)
  expect(handle.receipts.get().get('dat')).toBe(2)
})

test('presence is watched as one set, and asked for again on a new connection', async () => {
  const people = await twoPeople()
  const watched: string[][] = []
  people.network.rewrite = (frame) => (frame.t === 'watch' && watched.push(frame.users), frame)
  await people.huong.pair?.cut()
  await people.network.pass(2_000)
  watched.length = 0
  const stop = people.huong.client.presence.watch(['dat', 'ly'])
  const stopOther = people.huong.client.presence.watch(['dat'])
  stop()
  await people.network.pass(200)
  expect(watched).toEqual([['dat']])
  await people.huong.pair?.cut()
  await people.network.pass(3_000)
  expect(watched.slice(1)).toEqual([['dat']])
  stopOther()
  await people.network.pass(200)
  expect(watched.at(-1)).toEqual([])
})

test('[PRS-01] a short loss of the connection shows nothing; a longer one makes presence unknown', async () => {
  const people = await twoPeople()
  const { presence } = people.huong.client
  presence.watch([], ['phong-lon'])
  await people.network.pass(200)
  await people.network.settle()
  const isKnown = () => presence.counts.get().has('phong-lon')
  expect(isKnown()).toBe(true)
  people.huong.setOffline(true)
  await people.network.pass(PRESENCE_EXPIRY_MS - 1_000)
  expect(isKnown()).toBe(true)
  await people.network.pass(1_001)
  expect(isKnown()).toBe(false)
  people.huong.setOffline(false)
  await people.network.pass(60_000)
  await people.network.settle()
  expect(isKnown()).toBe(true)
})

test('conversations are counted beside the people, as far as they are on screen', async () => {
  const people = await twoPeople()
  const { presence } = people.huong.client
  const watched: unknown[] = []
  people.network.rewrite = (frame) => (frame.t === 'watch' && watched.push(frame), frame)
  const stop = presence.watch([], ['phong-lon'])
  presence.watch(['dat'])
  await people.network.pass(200)
  expect(watched).toEqual([{ t: 'watch', users: ['dat'], convs: ['phong-lon'] }])
  await people.network.settle()
  expect(presence.counts.get().get('phong-lon')?.online).toBeGreaterThan(1)
  stop()
  await people.network.pass(200)
  expect(watched.at(-1)).toEqual({ t: 'watch', users: ['dat'] })
})

test('a burst of messages is one call of each listener', async () => {
  const people = await twoPeople()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  await people.network.settle()
  let calls = 0
  const stop = handle.timeline.subscribe(() => calls++)
  fill(people, people.direct, 'dat', 100)
  people.huong.pair?.flush('down')
  await people.network.settle()
  expect(calls).toBe(1)
  expect(handle.timeline.get().items).toHaveLength(100)
  stop()
  fill(people, people.direct, 'dat', 1)
  await people.network.settle()
  expect(calls).toBe(1)
})

test('a listener that throws is reported and disturbs nobody', async () => {
  const people = await twoPeople()
  const seen: string[] = []
  people.huong.client.on('message', () => {
    throw new Error('lỗi của người nghe')
  })
  people.huong.client.on('message', ({ item }) => seen.push(item.text))
  people.huong.client.conversations.subscribe(() => {
    throw new Error('lỗi khác')
  })
  fill(people, people.direct, 'dat', 1)
  await people.network.settle()
  expect(seen).toEqual(['tin 1'])
  expect(people.huong.errors.map((error) => (error as Error).message).sort()).toEqual([
    'lỗi của người nghe',
    'lỗi khác',
  ])
})

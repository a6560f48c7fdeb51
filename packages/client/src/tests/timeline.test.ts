import { expect, test } from 'bun:test'
import { must } from '@tam/util'
import type { ConversationHandle } from '../api.ts'
import { WINDOW_MAX } from '../store/window.ts'
import { extent, fill, texts, twoPeople, type TwoPeople } from './two-people.ts'

const timeline = (handle: ConversationHandle) => handle.timeline.get()

async function loaded(people: TwoPeople, load: Promise<void>): Promise<void> {
  await Promise.all([load, people.network.settle()])
}

test('[TL-03] opening loads the newest page once; a second call for the same page is the same promise', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 200)
  await people.huong.restart()
  await people.network.settle()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  expect(timeline(handle)).toMatchObject({ items: [], hasBefore: true, loading: 'initial' })
  await people.network.settle()
  expect(extent(timeline(handle))).toBe('…151–200')
  const first = handle.loadBefore()
  expect(handle.loadBefore()).toBe(first)
  expect(timeline(handle).loading).toBe('before')
  await loaded(people, first)
  expect(extent(timeline(handle))).toBe('…101–200')
  expect(timeline(handle).loading).toBeNull()
})

test('[TL-12] a jump gives a window around the message, and paging on reaches the live end without a gap', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 300)
  await people.huong.restart()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  await people.network.settle()
  await loaded(people, handle.jumpTo(120))
  expect(extent(timeline(handle))).toBe('…95–144…')
  while (timeline(handle).hasAfter) {
    await loaded(people, handle.loadAfter())
  }
  expect(extent(timeline(handle))).toBe('…95–300')
  fill(people, people.direct, 'dat', 1)
  await people.network.settle()
  expect(extent(timeline(handle))).toBe('…95–301')
})

test('[TL-07] jumping to the newest drops a window elsewhere; what is unsent shows at the live end only', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 300)
  await people.huong.restart()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  await people.network.settle()
  await loaded(people, handle.jumpTo(50))
  people.huong.setOffline(true)
  handle.send('Gửi từ giữa lịch sử')
  expect(texts(timeline(handle))).not.toContain('Gửi từ giữa lịch sử')
  await handle.jumpToLatest()
  expect(texts(timeline(handle)).at(-1)).toBe('Gửi từ giữa lịch sử')
})

test('[SND-04] the echo becomes the stored entry under the same key, and rows that stay are the same objects', async () => {
  const people = await twoPeople()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  fill(people, people.direct, 'dat', 3)
  await people.network.settle()
  const before = timeline(handle).items
  handle.send('Dạ vâng ạ')
  const echo = must(timeline(handle).items.at(-1))
  await people.network.settle()
  const after = timeline(handle).items
  expect(after.at(-1)).toMatchObject({ key: echo.key, state: 'sent', seq: 4 })
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3))
  expect(after.slice(0, 3).every((item, index) => item === before[index])).toBe(true)
})

test('an ack before the entry shows the message as sent, once', async () => {
  const people = await twoPeople()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.send('Chào')
  await people.network.settle()
  const pair = must(people.huong.pair)
  handle.send('Tin có ack đến trước')
  await new Promise(setImmediate)
  pair.flush('up')
  // The server pushed the entry, then the ack; let the ack overtake it.
  pair.reorder('down', { float: () => 0, bytes: () => new Uint8Array() })
  pair.flush('down', 1)
  await new Promise(setImmediate)
  expect(timeline(handle).items.map((item) => [item.seq, (item as { state?: string }).state])).toEqual([
    [1, 'sent'],
    [2, 'sent'],
  ])
  await people.network.settle()
  expect(timeline(handle).items).toHaveLength(2)
})

test('[TL-11] a page that cannot be loaded is said at that edge, and the next try clears it', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 200)
  await people.huong.restart()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  await people.network.settle()
  people.huong.setOffline(true)
  await expect(handle.loadBefore()).rejects.toMatchObject({ code: 'offline' })
  expect(timeline(handle)).toMatchObject({ failed: 'before', loading: null })
  people.huong.setOffline(false)
  await people.network.pass(2_000)
  await loaded(people, handle.loadBefore())
  expect(timeline(handle).failed).toBeNull()
})

test('what could not be loaded at opening is loaded when the connection is back', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 80)
  await people.huong.restart()
  await people.network.settle()
  people.huong.setOffline(true)
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  await people.network.settle()
  expect(timeline(handle).failed).toBe('initial')
  people.huong.setOffline(false)
  await people.network.pass(2_000)
  expect(extent(timeline(handle))).toBe('…31–80')
})

test('[TL-04] the window is bounded: paging back drops the new end, live messages drop the old end', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', WINDOW_MAX + 300)
  await people.huong.restart()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  await people.network.settle()
  while (timeline(handle).hasBefore && !timeline(handle).hasAfter) {
    await loaded(people, handle.loadBefore())
  }
  expect(timeline(handle).items).toHaveLength(WINDOW_MAX)
  expect(timeline(handle).hasAfter).toBe(true)
  await loaded(people, handle.jumpToLatest())
  fill(people, people.direct, 'dat', WINDOW_MAX)
  await people.network.settle()
  expect(timeline(handle).items.length).toBeLessThanOrEqual(WINDOW_MAX)
  expect(timeline(handle)).toMatchObject({ hasBefore: true, hasAfter: false })
})

test('a jump while a page is loading wins', async () => {
  const people = await twoPeople()
  fill(people, people.direct, 'dat', 300)
  await people.huong.restart()
  const handle = people.huong.client.conversation(people.direct.id)
  handle.open()
  await people.network.settle()
  const page = handle.loadBefore()
  const jump = handle.jumpTo(30)
  await Promise.all([page, jump, people.network.settle()])
  expect(extent(timeline(handle))).toBe('…5–54…')
})

test('events of the log are items too, and a type the client does not know is none', async () => {
  const people = await twoPeople()
  const handle = people.huong.client.conversation(people.group.id)
  handle.open()
  people.network.server.changeMember(people.group.id, 'dat', 'removed', 'huong')
  const poll = { ...must(people.group.entries.at(-1)), type: 'poll', seq: 3 }
  people.group.entries.push(poll as never)
  fill(people, people.group, 'huong', 1)
  await people.network.pass(3_000)
  expect(texts(timeline(handle))).toEqual(['<created>', '<member>', 'tin 4'])
})

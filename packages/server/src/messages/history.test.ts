import { expect, test } from 'bun:test'
import { Store, createWorld, type World } from '../conversations/tests/world.ts'
import type { HistoryPosition, MessagesPosition } from './messages.ts'

/** seq 1 created, 2..11 added, 12..31 messages, 32..41 added, 42..61 messages. */
async function prepare(world: World): Promise<string> {
  const members = (prefix: string) => Array.from({ length: 10 }, (_, index) => `${prefix}${index}`)
  const { id } = (await world.conversations.createGroup('an', { title: 'Nhóm', memberIds: members('a') }))
    .conversation
  await talk(world, id)
  await world.conversations.addMembers('an', id, members('b'))
  await talk(world, id)
  return id
}

async function talk(world: World, id: string): Promise<void> {
  for (let count = 0; count < 20; count++) {
    await world.say('an', id, `Tin ${count}`)
  }
}

const seqs = (entries: readonly string[]) =>
  entries.map((entry) => (JSON.parse(entry) as { seq: number }).seq)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

test('[HS1] pages of raw entries are dense and ascending', async () => {
  const world = createWorld(new Store())
  const id = await prepare(world)
  const page = async (position: HistoryPosition) =>
    seqs((await world.messages.history('a1', id, position)).entries)
  expect(await page({ after: 0, limit: 5 })).toEqual(range(1, 5))
  expect(await page({ after: 58 })).toEqual(range(59, 61))
  expect(await page({ after: 61 })).toEqual([])
  expect(await page({ after: 1_000 })).toEqual([])
  expect(await page({ before: 10, limit: 100 })).toEqual(range(1, 9))
  expect(await page({ before: 62, limit: 3 })).toEqual(range(59, 61))
  expect(await page({ before: 9_999, limit: 3 })).toEqual(range(59, 61))
  expect(await page({ before: 0 })).toEqual([])
  expect(await page({ before: 1 })).toEqual([])
  expect(await page({ around: 30, limit: 4 })).toEqual(range(28, 31))
  expect(await page({ around: 1, limit: 4 })).toEqual(range(1, 4))
  expect(await page({ around: 61, limit: 4 })).toEqual(range(58, 61))
  expect(await page({ around: 9_999, limit: 4 })).toEqual(range(58, 61))
  expect((await world.messages.history('a1', id, { after: 0 })).head).toBe(61)
})

test('a page of messages counts messages and runs over everything else', async () => {
  const world = createWorld(new Store())
  const id = await prepare(world)
  const page = async (position: MessagesPosition) => {
    const { messages, hasBefore, hasAfter } = await world.messages.page('b1', id, position)
    return [seqs(messages), hasBefore, hasAfter]
  }
  expect(await page({ limit: 3 })).toEqual([range(59, 61), true, false])
  expect(await page({ before: 42, limit: 3 })).toEqual([range(29, 31), true, true])
  expect(await page({ before: 15, limit: 5 })).toEqual([range(12, 14), false, true])
  expect(await page({ before: 12, limit: 5 })).toEqual([[], false, true])
  expect(await page({ after: 30, limit: 3 })).toEqual([[31, 42, 43], true, true])
  expect(await page({ after: 59, limit: 5 })).toEqual([[60, 61], true, false])
  expect(await page({ after: 61, limit: 5 })).toEqual([[], true, false])
  expect(await page({ after: 0, limit: 20 })).toEqual([range(12, 31), false, true])
  expect(await page({ before: 0, limit: 4 })).toEqual([[], false, true])
  expect(await page({ before: 1, limit: 4 })).toEqual([[], false, true])
  expect(await page({ around: 0, limit: 4 })).toEqual([range(12, 15), false, true])
  expect(await page({ around: 36, limit: 4 })).toEqual([[30, 31, 42, 43], true, true])
  expect(await page({ around: 61, limit: 4 })).toEqual([range(58, 61), true, false])
  expect(await page({ around: 1, limit: 4 })).toEqual([range(12, 15), false, true])
  expect(await page({ limit: 100 })).toEqual([[...range(12, 31), ...range(42, 61)], false, false])
})

test('paging back meets every message once and ends', async () => {
  const world = createWorld(new Store())
  const id = await prepare(world)
  const found: number[] = []
  let page = await world.messages.page('an', id, { limit: 7 })
  for (;;) {
    found.unshift(...seqs(page.messages))
    if (!page.hasBefore) {
      break
    }
    page = await world.messages.page('an', id, { before: found[0]!, limit: 7 })
  }
  expect(found).toEqual([...range(12, 31), ...range(42, 61)])
})

test('a conversation without a message has an empty page', async () => {
  const world = createWorld(new Store())
  const { id } = (await world.conversations.createDirect('an', 'binh')).conversation
  const positions: MessagesPosition[] = [
    {},
    { before: 0 },
    { before: 9 },
    { after: 0 },
    { after: 9 },
    { around: 0 },
    { around: 9 },
  ]
  for (const position of positions) {
    expect(await world.messages.page('an', id, position)).toEqual({
      messages: [],
      hasBefore: false,
      hasAfter: false,
      head: 0,
    })
  }
  expect(await world.messages.history('an', id, { around: 5 })).toEqual({ entries: [], state: {}, head: 0 })
})

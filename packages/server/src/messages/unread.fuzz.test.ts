import { expect, test } from 'bun:test'
import type { ConversationEntry } from '@tam/protocol'
import { seededRandom } from '@tam/util'
import { Store, createWorld, type World } from '../conversations/tests/world.ts'
import { encodeBody, encodeEntry } from '../log/log.ts'
import { EntryCache } from './entry-cache.ts'
import { Unread } from './unread.ts'

const people = ['an', 'binh', 'chi', 'dung']

test('[RC2] unread equals a naive recount after any order of events', async () => {
  const first = Number(process.env['SEED'] ?? 1)
  for (let seed = first; seed < first + 40; seed++) {
    try {
      await run(seed)
    } catch (error) {
      throw new Error(`SEED=${seed}`, { cause: error })
    }
  }
})

async function run(seed: number): Promise<void> {
  const random = seededRandom(seed)
  const pick = (count: number) => Math.floor(random.float() * count)
  const store = new Store()
  const worlds = [createWorld(store), createWorld(store)]
  const { id } = (await worlds[0]!.conversations.createGroup('an', { title: 'Nhóm', memberIds: ['binh'] }))
    .conversation
  for (let step = 0; step < 60; step++) {
    const world = worlds[pick(2)]!
    const user = people[pick(people.length)]!
    await act(world, id, user, pick).catch(() => {})
    if (step % 10 === 9) {
      await expectExact(worlds, id)
    }
  }
}

async function act(
  world: World,
  id: string,
  user: string,
  pick: (count: number) => number,
): Promise<unknown> {
  switch (pick(8)) {
    case 0:
      return world.conversations.addMembers('an', id, [user])
    case 1:
      return world.conversations.removeMember('an', id, user === 'an' ? 'binh' : user)
    case 2:
    case 3:
      return world.reads.mark(user, id, pick((await world.log.head(id)) + 3))
    case 4:
      // Enough to pass 99 and the edges of blocks and buckets.
      return Promise.allSettled(Array.from({ length: pick(60) }, () => world.say(user, id, 'Nhiều tin quá')))
    default:
      return world.say(user, id, 'Một tin')
  }
}

async function expectExact(worlds: readonly World[], id: string): Promise<void> {
  const { log } = worlds[0]!
  const head = await log.head(id)
  const entries = (await log.read(id, 1, head)).map((entry) => JSON.parse(entry) as ConversationEntry)
  for (const user of people) {
    for (const { conversations } of worlds) {
      for (const { read, unread, ...conversation } of await conversations.list(user)) {
        expect(conversation.head).toBe(head)
        const naive = entries.filter(
          ({ type, seq, from }) => type === 'message' && seq > read && from !== user,
        ).length
        expect({ user, read, unread }).toEqual({ user, read, unread: Math.min(naive, 100) })
        expect(conversation.lastMessage?.seq).toBe(entries.findLast(({ type }) => type === 'message')?.seq)
      }
    }
  }
}

/** A conversation of a million messages, `others` of them not by `an`, that counts what is read of it. */
function millions(others: (seq: number) => boolean) {
  const reader = {
    entries: 0,
    async read(_: string, from: number, to: number): Promise<string[]> {
      reader.entries += to - from + 1
      return Array.from({ length: to - from + 1 }, (_, index) => {
        const seq = from + index
        const body = {
          type: 'message',
          id: 'AbCdEfGhIjKl',
          from: others(seq) ? 'binh' : 'an',
          cid: 'c',
          text: 'x',
          at: '',
        }
        return encodeEntry(seq, encodeBody(body))
      })
    },
  }
  return reader
}

test('[RC2] a million unread messages are 99+ after a few blocks', async () => {
  const log = millions(() => true)
  const unread = new Unread(new EntryCache(log))
  expect((await unread.count('an', 'conv', 0, 1_000_000)).count).toBe(100)
  expect(log.entries).toBeLessThanOrEqual(256)
})

test('[RC2] a few others among thousands of own messages are counted exactly, and once', async () => {
  const log = millions((seq) => seq % 500 === 0)
  const unread = new Unread(new EntryCache(log))
  expect((await unread.count('an', 'conv', 0, 20_000)).count).toBe(40)
  const before = log.entries
  expect((await unread.count('an', 'conv', 0, 20_500)).count).toBe(41)
  expect(log.entries - before).toBeLessThanOrEqual(512 + 64)
})

import { expect, test } from 'bun:test'
import { expectCode } from '../conversations/tests/expect-code.ts'
import { UnknownOutcome } from '../ports/kv/kv.ts'
import { KEEP_COUNT_MIN } from './create-reads.ts'
import { Store, createWorld, type World } from '../conversations/tests/world.ts'

async function prepare(world: World, kind: 'group' | 'channel' = 'group'): Promise<string> {
  const { conversations } = world
  const input = { title: 'Nhóm', memberIds: ['binh', 'chi'] }
  const { conversation } = await (kind === 'group'
    ? conversations.createGroup('an', input)
    : conversations.createChannel('an', input))
  for (const text of ['Một', 'Hai', 'Ba']) {
    await world.say('an', conversation.id, text)
  }
  return conversation.id
}

test('[RC1] a position moves forward only, and never past the head', async () => {
  const world = createWorld(new Store())
  const id = await prepare(world)
  expect(await world.reads.mark('binh', id, 5)).toEqual({ read: 5, unread: 1, moved: true })
  expect(await world.reads.mark('binh', id, 4)).toEqual({ read: 5, unread: 1, moved: false })
  expect(await world.reads.mark('binh', id, 5)).toEqual({ read: 5, unread: 1, moved: false })
  expect(await world.reads.mark('binh', id, 1_000_000)).toEqual({ read: 6, unread: 0, moved: true })
  await expectCode(world.reads.mark('dung', id, 3), 'not_found')
})

test('[RC1] moves at once, from two servers, end at the furthest', async () => {
  const store = new Store()
  const worlds = [createWorld(store), createWorld(store)]
  const id = await prepare(worlds[0]!)
  await Promise.all([6, 3, 5, 4, 6, 5].map((seq, index) => worlds[index % 2]!.reads.mark('binh', id, seq)))
  expect((await worlds[0]!.conversations.get('binh', id)).read).toBe(6)
})

test('[RC4] a move is told to the own connections with the unread count, and to the others', async () => {
  const world = createWorld(new Store())
  const id = await prepare(world)
  await world.reads.mark('binh', id, 5)
  await world.reads.mark('binh', id, 5)
  expect(world.published.map(({ topic, message }) => [topic, JSON.parse(message)])).toEqual([
    ['user/binh', { t: 'read', conv: id, user: 'binh', seq: 5, unread: 1 }],
    [`conv/${id}`, { t: 'read', conv: id, user: 'binh', seq: 5 }],
  ])
})

test('[RC4] a move is told whose first attempt had landed without an answer', async () => {
  const store = new Store()
  const id = await prepare(createWorld(store))
  let isAnswered = false
  const world = createWorld(store, {
    kv: {
      get: (partition, key) => store.get(partition, key),
      getMany: (refs) => store.getMany(refs),
      scan: (partition, range) => store.scan(partition, range),
      close: () => store.close(),
      commit: async (partition, change) => {
        const result = await store.commit(partition, change)
        if (!isAnswered) {
          isAnswered = true
          throw new UnknownOutcome('no answer came')
        }
        return result
      },
    },
  })
  expect(await world.reads.mark('binh', id, 5)).toEqual({ read: 5, unread: 1, moved: true })
  expect(world.published.map(({ topic }) => topic)).toEqual(['user/binh', `conv/${id}`])
})

test('[RC4] in a channel the others are not told', async () => {
  const world = createWorld(new Store())
  await world.reads.mark('binh', await prepare(world, 'channel'), 5)
  expect(world.published.map(({ topic }) => topic)).toEqual(['user/binh'])
})

test('[PR4] W37 nobody is told how far somebody read who hides', async () => {
  const world = createWorld(new Store(), { invisible: ['binh'] })
  const id = await prepare(world)
  await world.reads.mark('binh', id, 5)
  expect(world.published.map(({ topic }) => topic)).toEqual(['user/binh'])
  const readOf = async (viewer: string) =>
    (await world.conversations.members(viewer, id)).find(({ user }) => user.id === 'binh')?.read
  expect([await readOf('an'), await readOf('binh')]).toEqual([null, 5])
})

test('positions of members: stored, else where they joined, 0 for strangers', async () => {
  const world = createWorld(new Store())
  const id = await prepare(world)
  await world.reads.mark('binh', id, 5)
  expect(await world.reads.positions(id, ['chi', 'binh', 'an', 'dung'])).toEqual([3, 5, 1, 0])
})

test('[RC3] a move that lands late does not reach into the next membership', async () => {
  const store = new Store()
  const world = createWorld(store)
  const id = await prepare(world)
  const underWay = Promise.withResolvers<() => Promise<unknown>>()
  const slow = createWorld(store, {
    kv: {
      get: (partition, key) => store.get(partition, key),
      getMany: (refs) => store.getMany(refs),
      scan: (partition, range) => store.scan(partition, range),
      close: () => store.close(),
      commit: (partition, change) => {
        underWay.resolve(() => store.commit(partition, change))
        return new Promise(() => {})
      },
    },
  })
  // Nobody waits for its answer, which is `unknown` after 5 s.
  slow.reads.mark('binh', id, 5).catch(() => {})
  const land = await underWay.promise
  await world.conversations.removeMember('an', id, 'binh')
  await world.conversations.addMembers('an', id, ['binh'])
  await land()
  expect(await world.conversations.get('binh', id)).toMatchObject({ read: 8, unread: 0 })
})

test('[RC2] a long count is stored: another server goes on where it ended, and a move starts anew', async () => {
  const store = new Store()
  const world = createWorld(store)
  const { id } = (await world.conversations.createGroup('an', { title: 'Máy báo', memberIds: ['binh'] }))
    .conversation
  await Promise.all(Array.from({ length: KEEP_COUNT_MIN }, () => world.say('an', id, 'Nhiệt độ 31°C')))
  await world.say('binh', id, 'Nóng quá')
  await world.conversations.get('an', id)
  const side = JSON.parse((await store.get('user/an', `conv/${id}`))?.value ?? '')
  expect(side.read).toEqual({ seq: 1, counted: { upTo: KEEP_COUNT_MIN + 3, count: 1 } })

  await world.say('binh', id, 'Còn bao lâu?')
  const scanned: string[] = []
  const other = createWorld(store, {
    kv: {
      get: (partition, key) => store.get(partition, key),
      getMany: (refs) => store.getMany(refs),
      scan: (partition, range) => {
        scanned.push(partition)
        return store.scan(partition, range)
      },
      commit: (partition, change) => store.commit(partition, change),
      close: () => store.close(),
    },
  })
  expect((await other.conversations.list('an'))[0]).toMatchObject({ read: 1, unread: 2 })
  const buckets = new Set(scanned.filter((partition) => partition.startsWith(`log/${id}/`)))
  expect(buckets.size).toBeLessThan(6)
  expect(await other.reads.mark('an', id, KEEP_COUNT_MIN + 3)).toMatchObject({ unread: 1, moved: true })
  expect((await createWorld(store).conversations.list('an'))[0]).toMatchObject({
    read: KEEP_COUNT_MIN + 3,
    unread: 1,
  })
})

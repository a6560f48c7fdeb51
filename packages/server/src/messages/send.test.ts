import { describe, expect, test } from 'bun:test'
import type { SendBody } from '@tam/protocol'
import { seededRandom } from '@tam/util'
import { expectCode, outcomes } from '../conversations/tests/expect-code.ts'
import { UnknownKv } from '../conversations/tests/crash-kv.ts'
import { Store, createWorld, newCid, type World } from '../conversations/tests/world.ts'

async function createGroup({ conversations }: World): Promise<string> {
  return (await conversations.createGroup('an', { title: 'Nhóm', memberIds: ['binh'] })).conversation.id
}

const texts = async ({ messages }: World, user: string, id: string) =>
  (await messages.page(user, id, { limit: 100 })).messages.map(
    (entry) => (JSON.parse(entry) as { text: string }).text,
  )

test('[SN2] the same cid again stores nothing and answers with the stored seq and time', async () => {
  const store = new Store()
  const world = createWorld(store)
  const id = await createGroup(world)
  const body: SendBody = { cid: newCid(), text: 'Chào cả nhà', base: 2 }
  const first = await world.messages.send('an', id, body)
  store.clock.advance(5_000)
  const again = await createWorld(store).messages.send('an', id, { ...body, resend: true })
  expect(first).toMatchObject({ seq: 3, duplicate: false })
  expect(again).toEqual({ ...first, duplicate: true })
  expect(await texts(world, 'an', id)).toEqual(['Chào cả nhà'])
})

test('[SN3] the same cid with another text or reply is refused', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  const seq = await world.say('an', id, 'Gốc')
  const cid = newCid()
  await world.messages.send('an', id, { cid, text: 'A' })
  await expectCode(world.messages.send('an', id, { cid, text: 'B' }), 'cid_conflict')
  await expectCode(world.messages.send('an', id, { cid, text: 'A', replyTo: seq }), 'cid_conflict')
  expect(await texts(world, 'an', id)).toEqual(['Gốc', 'A'])
})

test('the stored entry carries what was sent, in the order readers of its head expect', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  const replyTo = await world.say('binh', id, 'Mấy giờ?')
  const cid = newCid()
  const { at, seq } = await world.messages.send('an', id, { cid, text: 'Bảy giờ', replyTo })
  const [entry] = await world.log.read(id, seq, seq)
  const { id: messageId } = JSON.parse(entry!) as { id: string }
  expect(messageId).toMatch(/^[A-Za-z0-9_-]{12}$/)
  expect(entry).toBe(
    JSON.stringify({ seq, type: 'message', id: messageId, from: 'an', cid, text: 'Bảy giờ', replyTo, at }),
  )
})

test('a reply must name a message of the conversation', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  for (const replyTo of [1, 2, 99]) {
    const refusal = await expectCode(
      world.messages.send('an', id, { cid: newCid(), text: 'x', replyTo }),
      'invalid_request',
    )
    expect(refusal.errors[0]?.field).toBe('replyTo')
  }
})

test('[SN8] a base beyond the head is refused', async () => {
  const world = createWorld(new Store())
  const id = await createGroup(world)
  await expectCode(world.messages.send('an', id, { cid: newCid(), text: 'x', base: 10 }), 'bad_position')
})

describe('[SN6] sends of one person are stored in the order of the calls', () => {
  test('whatever some of them have to wait for', async () => {
    for (const kind of ['group', 'direct'] as const) {
      const store = new Store()
      const world = createWorld(store)
      const { id } = (
        kind === 'direct'
          ? await world.conversations.createDirect('an', 'binh')
          : await world.conversations.createGroup('an', { title: 'Nhóm', memberIds: ['binh'] })
      ).conversation
      const replyTo = await world.say('an', id, '0')
      // A server that knows nothing yet: the first needs access, every third one a look at what it answers.
      const fresh = createWorld(store)
      const sent = Array.from({ length: 30 }, (_, index) =>
        fresh.messages.send('an', id, {
          cid: newCid(),
          text: String(index + 1),
          ...(index % 3 === 1 ? { replyTo } : {}),
        }),
      )
      await Promise.all(sent)
      expect(await texts(fresh, 'an', id)).toEqual(Array.from({ length: 31 }, (_, index) => String(index)))
    }
  })

  test('also when memory settles the later one at once', async () => {
    const world = createWorld(new Store())
    const id = await createGroup(world)
    const replyTo = await world.say('an', id, '0')
    await Promise.all([
      world.messages.send('an', id, { cid: newCid(), text: '1', replyTo }),
      world.say('an', id, '2'),
      world.say('an', id, '3'),
    ])
    expect(await texts(world, 'an', id)).toEqual(['0', '1', '2', '3'])
  })

  test('a refused one does not hold up those behind it', async () => {
    const world = createWorld(new Store())
    const id = await createGroup(world)
    const send = (text: string, replyTo?: number) =>
      world.messages.send('an', id, { cid: newCid(), text, ...(replyTo === undefined ? {} : { replyTo }) })
    const { ok, codes } = await outcomes([send('1'), send('2', 77), send('3')])
    expect({ ok, codes }).toEqual({ ok: 2, codes: ['invalid_request'] })
    expect(await texts(world, 'an', id)).toEqual(['1', '3'])
  })

  test('[SN7] one behind a refused one that it names is not stored', async () => {
    const world = createWorld(new Store())
    const id = await createGroup(world)
    const [first, second] = [newCid(), newCid()]
    const { codes } = await outcomes([
      world.messages.send('an', id, { cid: first, text: '1', replyTo: 77 }),
      world.messages.send('an', id, { cid: second, text: '2', prev: first }),
    ])
    expect(codes).toEqual(['invalid_request', 'aborted_after'])
  })
})

describe('a resend by somebody who was removed meanwhile', () => {
  test('is acknowledged when the attempt before was stored', async () => {
    const store = new Store()
    const world = createWorld(store)
    const id = await createGroup(world)
    const body: SendBody = { cid: newCid(), text: 'Còn kịp', base: 2 }
    const sent = await world.messages.send('binh', id, body)
    await world.conversations.removeMember('an', id, 'binh')
    expect(await world.messages.send('binh', id, { ...body, resend: true })).toEqual({
      ...sent,
      duplicate: true,
    })
    await expectCode(world.messages.send('binh', id, { ...body, text: 'Khác', resend: true }), 'cid_conflict')
  })

  test('[SN5] is refused for good: an attempt still under way cannot land any more', async () => {
    const store = new Store()
    const world = createWorld(store)
    const id = await createGroup(world)
    const underWay = Promise.withResolvers<() => Promise<unknown>>()
    const slow = createWorld(store, {
      kv: {
        get: (partition, key) => store.get(partition, key),
        getMany: (refs) => store.getMany(refs),
        scan: (partition, range) => store.scan(partition, range),
        close: () => store.close(),
        commit: (partition, change) => {
          if (!partition.startsWith('log/')) {
            return store.commit(partition, change)
          }
          underWay.resolve(() => store.commit(partition, change))
          return new Promise(() => {})
        },
      },
    })
    const body: SendBody = { cid: newCid(), text: 'Treo', base: 2 }
    const unanswered = expectCode(slow.messages.send('binh', id, body), 'unknown')
    const land = await underWay.promise
    await world.conversations.removeMember('an', id, 'binh')
    await expectCode(world.messages.send('binh', id, { ...body, resend: true }), 'not_found')
    await land()
    await unanswered
    expect(await texts(world, 'an', id)).toEqual([])
  })

  test('leaves nothing in the log of a conversation one was never in', async () => {
    const store = new Store()
    const world = createWorld(store)
    const id = await createGroup(world)
    const before = store.partitions.size
    await expectCode(world.messages.send('chi', id, { cid: newCid(), text: 'x', resend: true }), 'not_found')
    await expectCode(
      world.messages.send('chi', 'AAAA', { cid: newCid(), text: 'x', resend: true }),
      'not_found',
    )
    expect(store.partitions.size).toBe(before)
  })
})

test('sends of unknown outcome, repeated, are stored once', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const store = new Store()
    const id = await createGroup(createWorld(store))
    const kv = new UnknownKv(store, seededRandom(seed))
    const bodies = Array.from({ length: 20 }, (_, index) => ({ cid: newCid(), text: String(index), base: 2 }))
    for (let attempt = 0; attempt < 3; attempt++) {
      const world = createWorld(store, { kv })
      await outcomes(bodies.map((body) => world.messages.send('an', id, { ...body, resend: attempt > 0 })))
    }
    await kv.settle()
    const world = createWorld(store)
    await Promise.all(bodies.map((body) => world.messages.send('an', id, { ...body, resend: true })))
    expect((await texts(world, 'an', id)).sort()).toEqual(bodies.map(({ text }) => text).sort())
  }
})

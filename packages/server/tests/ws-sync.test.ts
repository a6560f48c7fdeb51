import { expect, test } from 'bun:test'
import { must } from '@tam/util'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import type { Kv } from '../src/ports/kv/kv.ts'
import { createHarness, EPOCH, type Harness } from './harness.ts'
import { SkewedClock } from './skewed-clock.ts'

async function fill(server: Harness, conv: string, count: number): Promise<number> {
  await Promise.all(Array.from({ length: count }, (_, i) => server.say('an', conv, `tin số ${i}`)))
  return server.log.head(conv)
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

test('[RS4] a gap of any size up to 1,000 is pushed whole and in order, then live', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const head = await fill(server, conv, 1_100)
  // Around the size of a window, of a chunk of reading, and of the largest gap.
  for (const gap of [0, 1, 2, 199, 200, 201, 399, 400, 401, 999, 1_000]) {
    await using client = await server.connect('binh')
    expect(await client.sync({ [conv]: head - gap })).toMatchObject({ t: 'ok' })
    if (gap > 0) {
      await client.entry(conv, head)
    }
    await client.settle()
    expect({ gap, seqs: client.seqs.get(conv) ?? [] }).toEqual({
      gap,
      seqs: gap === 0 ? [] : range(head - gap + 1, head),
    })
    expect(client.frames.filter(({ t }) => t === 'resync')).toEqual([])
  }
})

test('[RS5] a gap of 1,001 is answered by resync, and the log is live from head', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const head = await fill(server, conv, 1_010)
  const client = await server.connect('binh')
  await client.sync({ [conv]: head - 1_001 })
  expect(await client.frame('resync')).toMatchObject({ conv, reason: 'gap_too_large', head })
  const next = await server.say('an', conv, 'mới')
  expect(await client.entry(conv, next)).toMatchObject({ text: 'mới' })
  expect(client.seqs.get(conv)).toEqual([head + 1])
})

test('[RS6] W23 a cursor beyond the head gets resync bad_position', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const head = await server.log.head(conv)
  const client = await server.connect('binh')
  await client.sync({ [conv]: head + 1_000_000, binh: 99 })
  expect(await client.next((frame) => frame.t === 'resync' && frame.conv === conv)).toMatchObject({
    reason: 'bad_position',
    head,
  })
  expect(await client.next((frame) => frame.t === 'resync' && frame.conv === 'binh')).toMatchObject({
    head: 1,
  })
  expect((await client.entry(conv, await server.say('an', conv, 'tiếp')))['text']).toBe('tiếp')
})

test('[RS6] W23 what is no position at all is refused bad_position, and the connection goes on', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const client = await server.connect('an')
  for (const cursor of [-1, 1.5, '5', null, 1e300]) {
    const reply = await client.ask({ t: 'sync', cursors: { [conv]: cursor } })
    expect(reply).toMatchObject({ t: 'err', code: 'bad_position', retry: false })
  }
  expect(await client.sync({ [conv]: 0 })).toMatchObject({ t: 'ok' })
})

test('[RS6] every cursor of another epoch gets resync epoch_changed', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const head = await server.log.head(conv)
  const client = await server.connect('binh')
  await client.sync({ [conv]: 1, binh: 0 }, 'another-epoch')
  for (const log of [conv, 'binh']) {
    const frame = await client.next((candidate) => candidate.t === 'resync' && candidate.conv === log)
    expect(frame).toMatchObject({ reason: 'epoch_changed' })
  }
  const next = await server.say('an', conv, 'tiếp')
  await client.entry(conv, next)
  expect(client.seqs.get(conv)).toEqual([head + 1])
  await using same = await server.connect('binh')
  await same.sync({ [conv]: head }, EPOCH)
  expect((await same.entry(conv, next))['seq']).toBe(next)
})

test('[RS7] a conversation without a cursor is live from the head that sync told', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const head = await fill(server, conv, 5)
  const client = await server.connect('binh')
  await client.sync({})
  await client.entry(conv, await server.say('an', conv, 'mới'))
  expect(client.seqs.get(conv)).toEqual([head + 1])
})

test('[RS8] the own log is synced under the user id', async () => {
  await using server = await createHarness()
  const [first, second] = [await server.group('an', 'binh'), await server.group('an', 'binh')]
  const client = await server.connect('binh')
  const { user } = await client.sync({ binh: 0 })
  expect(user).toEqual({ head: 2 })
  expect(await client.entry('binh', 1)).toMatchObject({ type: 'joined', conv: first })
  expect(await client.entry('binh', 2)).toMatchObject({ type: 'joined', conv: second })
})

test('[RS1] a client that never syncs is live 250 ms after hello, from hello on', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  const conv = await server.group('an', 'binh')
  const client = await server.connect('binh')
  const seq = await server.say('an', conv, 'ngay sau hello')
  expect(client.seqs.get(conv)).toBeUndefined()
  await clock.advance(260, 260)
  await client.entry(conv, seq)
  expect(client.seqs.get(conv)).toEqual([seq])
})

test('[RS1] any first frame that is no sync makes the connection live at once', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const client = await server.connect('binh')
  const seq = await server.say('an', conv, 'ngay sau hello')
  await client.settle()
  await client.entry(conv, seq)
})

test('[RS2] a second sync on a live connection is safe at any time', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  await fill(server, conv, 300)
  const client = await server.live('binh')
  const writing = fill(server, conv, 300)
  for (const cursor of [0, 250, 10, 299]) {
    await client.sync({ [conv]: cursor })
  }
  const head = await writing
  await client.entry(conv, head)
  expect(client.violations).toEqual([])
})

test('W22 a cursor of a foreign conversation says nothing; the same one twice and too many are refused', async () => {
  await using server = await createHarness()
  const foreign = await server.group('an')
  await fill(server, foreign, 3)
  const client = await server.connect('binh')
  expect(await client.sync({ [foreign]: 0, 'khong-co': 0 })).toMatchObject({ t: 'ok', conversations: [] })
  await client.settle()
  expect(client.seqs.get(foreign)).toBeUndefined()
  expect(await client.ask({ t: 'history', conv: foreign, before: 3 })).toMatchObject({ code: 'not_found' })
  client.sendText(`{"t":"sync","id":77,"cursors":{"${foreign}":0,"${foreign}":1}}`)
  expect(await client.next((frame) => frame.t === 'err' && frame.code === 'invalid_json')).toMatchObject({
    retry: false,
  })
  const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, i) => [`c${i}`, 0]))
  expect(await client.ask({ t: 'sync', cursors: many })).toMatchObject({ t: 'err', retry: false })
})

test('[RS9] an entry the bus lost is found by the heads, even when nothing follows', async () => {
  const clock = new SkewedClock()
  let loses = false
  await using server = await createHarness({
    clock,
    isLossy: true,
    feed: (publish) => (loses ? undefined : publish()),
  })
  const conv = await server.group('an', 'binh')
  const client = await server.live('binh')
  loses = true
  const seq = await server.say('an', conv, 'không ai báo')
  await client.settle()
  expect(client.seqs.get(conv)).toBeUndefined()
  await clock.advance(5_000)
  expect(await client.entry(conv, seq)).toMatchObject({ text: 'không ai báo' })
})

test('[RS9] the gap that a later entry shows is read before it is delivered', async () => {
  let loses = false
  await using server = await createHarness({ feed: (publish) => (loses ? undefined : publish()) })
  const conv = await server.group('an', 'binh')
  const client = await server.live('binh')
  loses = true
  const head = await fill(server, conv, 20)
  loses = false
  const seq = await server.say('an', conv, 'cái này tới')
  await client.entry(conv, seq)
  expect(client.seqs.get(conv)).toEqual(range(head - 19, seq))
})

test('an entry over 8 KiB travels as a hint and arrives whole', async () => {
  await using server = await createHarness()
  const messages: string[] = []
  await server.bus.subscribe('log/x', (_, message) => void messages.push(message))
  const conv = await server.group('an', 'binh')
  await server.bus.subscribe(`log/${conv}`, (_, message) => void messages.push(message))
  const client = await server.live('binh')
  const text = 'ằ'.repeat(4_000)
  const seq = await server.say('an', conv, text)
  expect(await client.entry(conv, seq)).toMatchObject({ text })
  expect(must(messages.at(-1))).toBe(`${conv} ${seq} ${seq} h\n`)
})

test('W25 a resume of many conversations is pushed in turn, without a hole', async () => {
  await using server = await createHarness({ kv: new MemoryKv({ now: () => Date.now() }) })
  const convs: string[] = []
  for (let i = 0; i < 40; i++) {
    convs.push(await server.group('an', 'binh'))
  }
  const heads = await Promise.all(convs.map((conv) => fill(server, conv, 250)))
  const client = await server.connect('binh')
  await client.sync(Object.fromEntries(convs.map((conv) => [conv, 1])))
  await Promise.all(convs.map((conv, i) => client.entry(conv, heads[i]!)))
  expect(client.violations).toEqual([])
  expect(convs.map((conv) => client.seqs.get(conv)?.length)).toEqual(heads.map((head) => head - 1))
})

test('[RS3] a list that is too long for one frame comes in several, before anything live', async () => {
  await using server = await createHarness()
  const long = 'ế'.repeat(4_000)
  const convs: string[] = []
  for (let i = 0; i < 80; i++) {
    const conv = await server.group('an', 'binh')
    await server.say('binh', conv, long)
    convs.push(conv)
  }
  const client = await server.connect('an')
  const missed = must(convs[0])
  await client.sync({ [missed]: 0 })
  await client.entry(missed, await server.log.head(missed))
  const parts = client.frames.flatMap((frame) => ('conversations' in frame ? [frame] : []))
  expect(parts.map(({ t }) => t)).toEqual([...parts.slice(1).map(() => 'conversations' as const), 'ok'])
  expect(parts.length).toBeGreaterThan(2)
  expect(Math.max(...parts.map((part) => JSON.stringify(part).length))).toBeLessThan(160 * 1024)
  expect(parts.flatMap(({ conversations }) => conversations.map(({ id }) => id)).sort()).toEqual(convs.sort())
  const order = client.frames.map(({ t }) => t)
  expect(order.indexOf('entry')).toBeGreaterThan(order.indexOf('ok'))
})

test('however many come back to a conversation, its entries are read once', async () => {
  const kv = new MemoryKv({ now: () => Date.now() })
  const pages: string[] = []
  const counted: Kv = {
    get: (partition, key) => kv.get(partition, key),
    getMany: (refs) => kv.getMany(refs),
    scan(partition, range) {
      // One row is where a log ends.
      if (partition.startsWith('log/') && range.limit > 1) {
        pages.push(partition)
      }
      return kv.scan(partition, range)
    },
    commit: (partition, change) => kv.commit(partition, change),
    close: () => kv.close(),
  }
  await using server = await createHarness({ kv: counted })
  const people = ['an', 'binh', 'chi', 'dung']
  const conv = await server.group('an', ...people.slice(1))
  const head = await fill(server, conv, 40)
  pages.length = 0
  const clients = await Promise.all(people.map((user) => server.connect(user)))
  await Promise.all(clients.map((client) => client.sync({ [conv]: head - 5 })))
  await Promise.all(clients.map((client) => client.entry(conv, head)))
  for (const client of clients) {
    expect(client.seqs.get(conv)).toEqual(range(head - 4, head))
    client.close()
  }
  expect(pages.filter((partition) => partition.startsWith(`log/${conv}/`))).toHaveLength(1)
})

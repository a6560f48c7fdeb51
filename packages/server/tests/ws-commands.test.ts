import { expect, test } from 'bun:test'
import { HistoryOk } from '@tam/protocol'
import { createHarness, newCid } from './harness.ts'
import { SkewedClock } from './skewed-clock.ts'
import type { TestClient } from './test-client.ts'

test('[SN6] C4 sends pipelined on one connection are stored and acknowledged in their order', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const client = await server.live('an')
  const replies = await Promise.all(
    Array.from({ length: 200 }, (_, i) => client.ask({ t: 'send', conv, cid: newCid(), text: `tin ${i}` })),
  )
  const seqs = replies.map(({ seq }) => Number(seq))
  expect(seqs).toEqual(seqs.map((_, i) => Number(seqs[0]) + i))
  const acks = client.frames.flatMap((frame) => (frame.t === 'ok' && 'cid' in frame ? [frame.seq] : []))
  expect(acks).toEqual(seqs)
})

test('[RS2] [SN2] many senders, one order: everybody sees the same', async () => {
  await using server = await createHarness()
  const people = ['an', 'binh', 'chi', 'dung', 'giang']
  const conv = await server.group(...people)
  const clients = await Promise.all(people.map((user) => server.live(user)))
  await Promise.all(
    clients.flatMap((client) =>
      Array.from({ length: 40 }, (_, i) => client.ask({ t: 'send', conv, cid: newCid(), text: `tin ${i}` })),
    ),
  )
  const head = await server.log.head(conv)
  const texts = await Promise.all(
    clients.map(async (client) => {
      await client.entry(conv, head)
      expect(client.violations).toEqual([])
      return client.frames.flatMap((frame) =>
        frame.t === 'entry' && frame.conv === conv ? frame.entries : [],
      )
    }),
  )
  for (const other of texts.slice(1)) {
    expect(other).toEqual(texts[0]!)
  }
})

test('[SN2] [SN3] [SN8] the same cid gets the same seq; another text a conflict; base beyond head bad_position', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const client = await server.live('an')
  const cid = newCid()
  const first = await client.ask({ t: 'send', conv, cid, text: 'một lần' })
  expect(await client.ask({ t: 'send', conv, cid, text: 'một lần', resend: true })).toMatchObject({
    t: 'ok',
    seq: first['seq'],
    at: first['at'],
  })
  expect(await client.ask({ t: 'send', conv, cid, text: 'khác' })).toMatchObject({
    code: 'cid_conflict',
    retry: false,
  })
  expect(await client.ask({ t: 'send', conv, cid: newCid(), base: 999, text: 'xa' })).toMatchObject({
    code: 'bad_position',
    retry: false,
  })
})

test('[SN7] a send whose predecessor was not stored is refused aborted_after', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const client = await server.live('an')
  const [broken, next] = [newCid(), newCid()]
  const replies = await Promise.all([
    client.ask({ t: 'send', conv, cid: broken, base: 999, text: 'hỏng' }),
    client.ask({ t: 'send', conv, cid: next, prev: broken, text: 'theo sau' }),
  ])
  expect(replies.map(({ code }) => code)).toEqual(['bad_position', 'aborted_after'])
  expect(replies[1]).toMatchObject({ retry: true })
})

test('[HS1] [HS3] history: dense, ascending, before, after and around', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  for (let i = 0; i < 30; i++) {
    await server.say('an', conv, `tin ${i}`)
  }
  await server.conversations.addMembers('an', conv, ['binh'])
  const client = await server.live('binh')
  const seqsOf = async (position: object) =>
    HistoryOk.parse(await client.ask({ t: 'history', conv, ...position })).entries.map(({ seq }) => seq)
  expect(await seqsOf({ before: 10, limit: 3 })).toEqual([7, 8, 9])
  expect(await seqsOf({ after: 10, limit: 3 })).toEqual([11, 12, 13])
  expect(await seqsOf({ around: 10, limit: 3 })).toContain(10)
  expect(await seqsOf({ before: 3 })).toEqual([1, 2])
  for (const position of [
    {},
    { before: 1, after: 1 },
    { before: -1 },
    { before: 5, limit: 101 },
    { after: '5' },
  ]) {
    expect(await client.ask({ t: 'history', conv, ...position })).toMatchObject({ t: 'err', retry: false })
  }
})

test('[HS1] a page of long messages is cut at its far end and stays dense', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  for (let i = 0; i < 99; i++) {
    await server.say('an', conv, `${i} ${'ằ'.repeat(3_900)}`)
  }
  const client = await server.live('an')
  const head = await server.log.head(conv)
  const newest = HistoryOk.parse(await client.ask({ t: 'history', conv, before: head + 1, limit: 100 }))
  const seqs = newest.entries.map(({ seq }) => seq)
  expect(seqs.length).toBeLessThan(80)
  expect(seqs).toEqual(seqs.map((_, i) => head - seqs.length + 1 + i))
  const around = HistoryOk.parse(await client.ask({ t: 'history', conv, around: 50, limit: 100 }))
  const middle = around.entries.map(({ seq }) => seq)
  expect(middle).toEqual(middle.map((_, i) => Number(middle[0]) + i))
  expect(middle).toContain(50)
})

test('[RC1] W28 read moves forward only, never past the head, and for oneself alone', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const [phone, an] = [await server.live('binh'), await server.live('an')]
  const head = await server.say('an', conv, 'đọc đi')
  phone.send({ t: 'read', conv, seq: head + 1_000_000 })
  expect(await an.frame('read')).toMatchObject({ conv, user: 'binh', seq: head })
  const told = an.frames.filter(({ t }) => t === 'read').length
  phone.send({ t: 'read', conv, seq: 1 })
  phone.send({ t: 'read', conv, seq: head, user: 'an' })
  await phone.frame('err')
  await phone.settle()
  await an.settle()
  expect(an.frames.filter(({ t }) => t === 'read')).toHaveLength(told)
})

test('[RC4] a move is told once: to one’s own devices with the new unread, to the others without', async () => {
  await using server = await createHarness()
  const people = ['an', 'chi', 'dung', 'giang']
  const conv = await server.group('binh', ...people)
  const own = [await server.live('binh'), await server.live('binh')]
  const others = await Promise.all(people.map((user) => server.live(user)))
  const first = await server.say('an', conv, 'một')
  const second = await server.say('an', conv, 'hai')
  for (const seq of [first, second]) {
    own[0]?.send({ t: 'read', conv, seq })
    await others[0]?.next((frame) => frame.t === 'read' && frame.seq === seq)
  }
  await Promise.all([...own, ...others].map((client) => client.settle()))
  const noticesOf = (client: TestClient) => client.frames.filter(({ t }) => t === 'read')
  const notice = { t: 'read', conv, user: 'binh' }
  for (const client of own) {
    expect(noticesOf(client)).toEqual([
      { ...notice, seq: first, unread: 1 },
      { ...notice, seq: second, unread: 0 },
    ] as never)
  }
  for (const client of others) {
    expect(noticesOf(client)).toEqual([
      { ...notice, seq: first },
      { ...notice, seq: second },
    ] as never)
  }
  // Whoever was left out of the frame is not left out of what follows.
  const seq = await server.say('chi', conv, 'ba')
  await Promise.all(own.map((client) => client.entry(conv, seq)))
})

test('[RC5] of many moves of one person in a conversation the furthest counts', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const [phone, laptop, an] = [await server.live('binh'), await server.live('binh'), await server.live('an')]
  let head = 0
  for (let i = 0; i < 40; i++) {
    head = await server.say('an', conv, `tin ${i}`)
  }
  for (let seq = head - 39; seq <= head; seq++) {
    ;(seq % 2 === 0 ? phone : laptop).send({ t: 'read', conv, seq })
  }
  await an.next((frame) => frame.t === 'read' && frame.seq === head)
  expect(an.frames.filter(({ t }) => t === 'read').length).toBeLessThanOrEqual(3)
})

test('[TY1] W29 typing reaches the others, at most 30 a minute and 10 a second for a conversation', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock, rateLimitScale: 1 })
  const conv = await server.group('an', 'binh')
  const [an, binh] = await Promise.all([server.live('an'), server.live('binh')])
  const heard = () => binh.frames.filter(({ t }) => t === 'typing').length
  for (let i = 0; i < 45; i++) {
    an.send({ t: 'typing', conv })
    await clock.advance(150, 150)
    await an.settle()
  }
  await binh.settle()
  expect(await binh.frame('typing')).toEqual({ t: 'typing', conv, user: 'an' })
  expect(an.frames.filter(({ t }) => t === 'typing')).toEqual([])
  // 30 at once, and one more for each two seconds that passed.
  expect(heard()).toBeGreaterThanOrEqual(30)
  expect(heard()).toBeLessThanOrEqual(35)
})

test('[PR1] [PR2] watch tells who is online, then changes; away and offline follow', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  await server.group('an', 'binh', 'chi')
  const [watcher, binh] = [await server.live('an'), await server.live('binh')]
  watcher.send({ t: 'watch', users: ['binh', 'chi', 'an'] })
  const first = await watcher.frame('presence')
  expect(Object.fromEntries(first.users.map(({ id, status }) => [id, status]))).toEqual({
    an: 'online',
    binh: 'online',
    chi: 'offline',
  })
  const becomes = (id: string, status: string) =>
    watcher.next(
      (frame) =>
        frame.t === 'presence' && frame.users.some((user) => user.id === id && user.status === status),
    )
  binh.send({ t: 'focus', conv: null, active: false })
  await binh.settle()
  await clock.advance(1_100, 1_100)
  await becomes('binh', 'away')
  binh.close()
  await binh.closed
  await clock.advance(9_000)
  expect(
    watcher.frames.some(
      (frame) =>
        frame.t === 'presence' && frame.users.some(({ status, id }) => id === 'binh' && status === 'offline'),
    ),
  ).toBe(false)
  await clock.advance(5_000)
  await becomes('binh', 'offline')
})

test('[PR1] W37 strangers are never shown', async () => {
  await using server = await createHarness()
  await server.group('an', 'binh')
  const [watcher] = await Promise.all([server.live('an'), server.live('binh'), server.live('nguoi-la')])
  watcher.send({ t: 'watch', users: ['nguoi-la', 'khong-co', 'binh'] })
  expect((await watcher.frame('presence')).users.map(({ id }) => id)).toEqual(['binh'])
})

test('a profile change travels through the bus to everybody who shares a conversation', async () => {
  await using server = await createHarness()
  const conv = await server.group('an', 'binh')
  const binh = await server.live('binh')
  const frame = {
    t: 'profile',
    users: [{ id: 'an', username: 'an', name: 'An Mới', avatar: null, bio: '', status: '' }],
  }
  server.bus.publish(`conv/${conv}`, JSON.stringify(frame))
  expect(await binh.frame('profile')).toEqual(frame as never)
})

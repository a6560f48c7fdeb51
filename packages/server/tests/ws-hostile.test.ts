import { expect, test } from 'bun:test'
import { TEXT_MAX_GRAPHEMES, UpFrame } from '@tam/protocol'
import { createHarness, type Harness, newCid } from './harness.ts'
import { maskedText, RawSocket } from './raw-socket.ts'
import type { TestClient } from './test-client.ts'

const CONV = 'AAAAAAAAAAAA'

/** A valid frame of each kind; `auth` is refused for its token alone and has its own tests. */
const FRAMES: readonly Readonly<Record<string, unknown>>[] = [
  { t: 'sync', id: 1, epoch: 'epoch-1', cursors: { [CONV]: 1 } },
  {
    t: 'send',
    id: 1,
    conv: CONV,
    cid: 'cid-00000001',
    base: 0,
    prev: 'cid-00000000',
    resend: true,
    text: 'chào',
    replyTo: 1,
  },
  { t: 'history', id: 1, conv: CONV, before: 5, limit: 10 },
  { t: 'read', conv: CONV, seq: 1 },
  { t: 'typing', conv: CONV },
  { t: 'watch', users: ['an'] },
  { t: 'focus', conv: CONV, active: true },
  { t: 'ping' },
]

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  '',
  'x',
  'ằ'.repeat(20_000),
  '\ud800',
  'a\u0000b',
  '../../etc/passwd',
  { $ne: null },
  {},
  [],
  [1, [2, [3]]],
  ['an', null],
  { toString: 'x', constructor2: 1 },
]

function mutations(): Record<string, unknown>[] {
  return FRAMES.flatMap((frame) => [
    ...Object.keys(frame).flatMap((field) => [
      ...VALUES.map((value) => ({ ...frame, [field]: value })),
      Object.fromEntries(Object.entries(frame).filter(([key]) => key !== field)),
    ]),
    { ...frame, extra: 1 },
    { ...frame, isAdmin: true },
  ])
}

test('W19 every field of every frame replaced by what it must not be: a typed error, never more', async () => {
  await using server = await createHarness()
  const witness = await server.live('binh')
  let client = await server.live('an')
  const frames = mutations()
  expect(frames.length).toBeGreaterThan(400)
  for (const frame of frames) {
    const isValid = UpFrame.safeParse(frame).success
    const before = client.frames.length
    client.send(frame)
    await client.settle()
    // Refusals by the domain come when they come; those of the frame itself before the next pong.
    const codes = client.frames
      .slice(before)
      .flatMap((reply) =>
        reply.t === 'err' && /^(invalid_request|bad_position)$/.test(reply.code) ? [reply.t] : [],
      )
    expect({ frame, codes }).toEqual({ frame, codes: isValid ? [] : ['err'] })
    client = await refreshed(server, client)
  }
  await witness.settle()
  expect(server.gateway.stats()).toMatchObject({ ready: 2 })
})

test('W19 what is no JSON object at all is refused', async () => {
  await using server = await createHarness()
  let client = await server.live('an')
  const texts = [
    '',
    'null',
    '[]',
    '"ping"',
    '1',
    '{',
    '{"t":"ping"}}',
    '{"t":"ping","t":"ping"}',
    '{"t":"ping","__proto__":{"isAdmin":true}}',
    '{"__proto__":{"t":"ping"}}',
    '{"t":"ping","constructor":{"prototype":{"x":1}}}',
    `{"t":"sync","id":1,"cursors":{"__proto__":1}}`,
    `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    `${'{"a":'.repeat(1_000)}1${'}'.repeat(1_000)}`,
    '{"t":"ping"}\u0000',
    '\ufeff{"t":"ping"}',
  ]
  for (const text of texts) {
    const before = client.frames.length
    client.sendText(text)
    await client.settle()
    const [error] = client.frames.slice(before).filter(({ t }) => t === 'err')
    expect({ text: text.slice(0, 40), error }).toMatchObject({ error: { t: 'err', retry: false } })
    client = await refreshed(server, client)
  }
  expect(Object.prototype).not.toHaveProperty('isAdmin')
})

test('[ER2] a refused frame says which field is wrong, and how', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const client = await server.live('an')
  const send = { t: 'send', conv, cid: newCid(), text: 'chào' }
  expect(await client.ask({ ...send, attachments: [] })).toMatchObject({
    detail: 'attachments: is not known',
  })
  expect(await client.ask({ ...send, replyTo: '1' })).toMatchObject({
    detail: expect.stringMatching(/^replyTo: \S/),
  })
  expect(await client.ask({ t: 'history', conv })).toMatchObject({
    detail: 'exactly one of before, after, around',
  })
})

test('W41 [SN9] texts at and over the limits: stored byte for byte as NFC, or refused', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const client = await server.live('an')
  const refused = [
    '',
    ' \n\t ',
    '\u200b\u3164\u2800',
    'x'.repeat(TEXT_MAX_GRAPHEMES + 1),
    '😀'.repeat(5_000),
    'a\u0000b',
    '\ud800',
    'x\udc00y',
  ]
  for (const text of refused) {
    const reply = await client.ask({ t: 'send', conv, cid: newCid(), text })
    expect({ text: text.slice(0, 20), reply }).toMatchObject({
      reply: { code: 'invalid_request', retry: false },
    })
  }
  const family = '👨‍👩‍👧‍👦'
  const stored = [
    'x'.repeat(TEXT_MAX_GRAPHEMES),
    'Tiếng Việt có dấu'.normalize('NFD'),
    family.repeat(500),
    '"\\\n\u2028</script>',
    '{"seq":1,"type":"message"}',
  ]
  for (const text of stored) {
    const { seq } = await client.ask({ t: 'send', conv, cid: newCid(), text })
    expect((await client.entry(conv, Number(seq)))['text']).toBe(text.normalize('NFC'))
  }
})

test('W40 a frame split at any byte, and a hundred frames in one write, give the same result', async () => {
  await using server = await createHarness()
  const socket = await RawSocket.open(server.url)
  socket.sendText(JSON.stringify({ t: 'auth', token: server.logins.token('an'), device: 'device-0001' }))
  await socket.received('"t":"hello"')
  const ping = maskedText('{"t":"ping"}')
  for (let at = 1; at < ping.length; at++) {
    socket.write(ping.slice(0, at))
    await new Promise((resolve) => setImmediate(resolve))
    socket.write(ping.slice(at))
    await socket.receivedTimes('"t":"pong"', at)
  }
  socket.write(Buffer.concat(Array.from({ length: 100 }, () => ping)))
  await socket.receivedTimes('"t":"pong"', ping.length - 1 + 100)
  socket.end()
})

test('W13 an unmasked frame, a reserved bit or opcode, bad UTF-8: cut off, others unaffected', async () => {
  await using server = await createHarness()
  const witness = await server.live('binh')
  const text = [0x81, 0x82, 1, 2, 3, 4, 0x80 ^ 1, 0x80 ^ 2]
  for (const bytes of [[0x81, 1, 0x78], [0xc1, 0x80, 1, 2, 3, 4], [0x83, 0x80, 1, 2, 3, 4], text]) {
    const socket = await RawSocket.open(server.url)
    socket.write(Uint8Array.from(bytes))
    await socket.ended
  }
  await witness.settle()
})

/** Broken frames are counted: a fresh connection before there are too many. */
async function refreshed(server: Harness, client: TestClient): Promise<TestClient> {
  if (client.frames.filter(({ t }) => t === 'err').length < 9) {
    return client
  }
  client.terminate()
  await client.closed
  return server.live('an')
}

import { expect, test } from 'bun:test'
import { systemClock } from '@tam/util'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import { createHarness, newCid, type Harness } from './harness.ts'
import { RawSocket } from './raw-socket.ts'
import { SkewedClock } from './skewed-clock.ts'
import { TestClient } from './test-client.ts'

test('W20 a binary frame closes 4400', async () => {
  await using server = await createHarness()
  const client = await server.live('an')
  client.sendBytes(new TextEncoder().encode('{"t":"ping"}'))
  expect((await client.closed).code).toBe(4400)
})

test('W08 a frame of 64 KiB passes, one byte more closes 1009', async () => {
  await using server = await createHarness()
  const client = await server.live('an')
  client.sendText(`{"t":"nonsense","x":"${'x'.repeat(64 * 1024 - 23)}"}`)
  expect(await client.frame('err')).toMatchObject({ code: 'invalid_request' })
  client.sendText('x'.repeat(64 * 1024 + 1))
  // Bun's own client reports the cut connection, other peers see 1009.
  expect([1006, 1009]).toContain((await client.closed).code)
})

test('W08 a header that claims 2^63 − 1 bytes is refused before anything is allocated', async () => {
  await using server = await createHarness()
  const socket = await RawSocket.open(server.url)
  socket.write(Uint8Array.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]))
  await socket.ended
})

test('[LM] the tenth broken frame closes 4400, nine do not', async () => {
  await using server = await createHarness()
  const client = await server.live('an')
  for (let i = 0; i < 9; i++) {
    client.sendText('nonsense')
  }
  await client.settle()
  expect(client.frames.filter(({ t }) => t === 'err')).toHaveLength(9)
  client.sendText('nonsense')
  expect((await client.closed).code).toBe(4400)
})

test('texts a person may type are refused without counting as broken', async () => {
  await using server = await createHarness()
  const conv = await server.group('an')
  const client = await server.live('an')
  for (let i = 0; i < 15; i++) {
    expect(await client.ask({ t: 'send', conv, cid: newCid(), text: '   ' })).toMatchObject({
      code: 'invalid_request',
    })
  }
  await client.settle()
})

test('[LM] more than 50 frames a second over the burst of 100 close 4429', async () => {
  await using server = await createHarness({ rateLimitScale: 1 })
  const client = await server.live('an')
  for (let i = 0; i < 90; i++) {
    client.send({ t: 'ping' })
  }
  await client.settle()
  for (let i = 0; i < 60; i++) {
    client.send({ t: 'ping' })
  }
  expect((await client.closed).code).toBe(4429)
})

test('[LM] more than 256 KiB a second over the burst close 4429', async () => {
  await using server = await createHarness({ rateLimitScale: 1 })
  const client = await server.live('an')
  for (let i = 0; i < 20; i++) {
    client.sendText(`{"t":"nonsense","x":"${'x'.repeat(60_000)}"}`)
  }
  expect([4429, 4400]).toContain((await client.closed).code)
})

test('[LM] 60 messages at once, then rate_limited with retry, and the connection stays', async () => {
  await using server = await createHarness({ rateLimitScale: 1 })
  const conv = await server.group('an')
  const client = await server.live('an')
  const replies = await Promise.all(
    Array.from({ length: 70 }, () => client.ask({ t: 'send', conv, cid: newCid(), text: 'dồn dập' })),
  )
  expect(replies.filter(({ t }) => t === 'ok')).toHaveLength(60)
  expect(replies.filter(({ code, retry }) => code === 'rate_limited' && retry === true)).toHaveLength(10)
  await client.settle()
})

test('[LM] what one person has read is limited over all their sockets, and the connections stay', async () => {
  await using server = await createHarness({ rateLimitScale: 1 })
  const conv = await server.group('an')
  const clients = await Promise.all(Array.from({ length: 7 }, () => server.live('an')))
  const replies = await Promise.all(
    clients.flatMap((client) =>
      Array.from({ length: 80 }, () => client.ask({ t: 'history', conv, before: 1, limit: 1 })),
    ),
  )
  const refused = replies.filter(({ code, retry }) => code === 'rate_limited' && retry === true)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(80)
  expect(await clients[0]?.ask({ t: 'sync', cursors: {} })).toMatchObject({ code: 'rate_limited' })
  expect(clients.every(({ isOpen }) => isOpen)).toBe(true)
})

/** A store that notes in which turn of the event loop, and of whom, the conversations were listed. */
function watchedStore() {
  const kv = new MemoryKv(systemClock)
  const [turns, people] = [new Set<number>(), [] as string[]]
  let turn = 0
  const count = () => {
    turn++
    timer = setImmediate(count)
  }
  let timer = setImmediate(count)
  const scan = kv.scan.bind(kv)
  kv.scan = (partition, range) => {
    turns.add(turn)
    people.push(partition)
    return scan(partition, range)
  }
  return { kv, turns, people, [Symbol.dispose]: () => clearImmediate(timer) }
}

test('[LM] each tick has one query of a person, so that others get their turns', async () => {
  using store = watchedStore()
  await using server = await createHarness({ kv: store.kv })
  await server.group('an')
  const client = await server.live('an')
  store.turns.clear()
  const replies = await Promise.all(Array.from({ length: 40 }, () => client.ask({ t: 'sync', cursors: {} })))
  expect(replies.map(({ t }) => t)).toEqual(Array(40).fill('ok'))
  expect(store.turns.size).toBeGreaterThan(30)
})

test('[LM] of the screens that come together only the newest is looked at', async () => {
  using store = watchedStore()
  await using server = await createHarness({ kv: store.kv })
  await server.group('an', 'binh')
  const client = await server.live('an')
  for (let i = 0; i < 40; i++) {
    client.send({ t: 'watch', users: [`stranger-${i}`] })
  }
  client.send({ t: 'watch', users: ['binh'] })
  expect((await client.frame('presence')).users.map(({ id }) => id)).toEqual(['binh'])
  expect(store.people.filter((partition) => partition.includes('stranger')).length).toBeLessThan(10)
})

test('W11 a flood of pings on the wire closes 4429', async () => {
  await using server = await createHarness({ rateLimitScale: 1 })
  const socket = await RawSocket.open(server.url)
  for (let i = 0; i < 100; i++) {
    socket.write(Uint8Array.from([0x89, 0x80, 1, 2, 3, 4]))
  }
  await socket.ended
  expect(socket.closeCode()).toBe(4429)
})

test('[LM] 60 unauthenticated connections of one address, not one more', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ rateLimitScale: 1, clock })
  const strangers = await Promise.all(Array.from({ length: 60 }, () => new TestClient(server.url).opened()))
  const refused = await fetch(server.url.replace('ws:', 'http:'), {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol': 'tam.v1',
    },
  })
  expect(refused.status).toBe(429)
  await strangers[0]?.auth(server.logins.token('an'))
  expect((await new TestClient(server.url).opened()).isOpen).toBe(true)
  await clock.advance(6_000)
  await Promise.all(strangers.slice(1).map((client) => client.closed))
})

test('W31 a peer that does not read is closed, others notice nothing, and the resume is complete', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  const conv = await server.group('an', 'binh', 'chi')
  const healthy = await server.live('chi')
  const deaf = await RawSocket.open(server.url)
  deaf.sendText(JSON.stringify({ t: 'auth', token: server.logins.token('binh'), device: 'device-0001' }))
  await deaf.received('"t":"hello"')
  deaf.sendText('{"t":"ping"}')
  await deaf.received('pong')
  deaf.pause()
  await pour(server, conv, healthy)
  await clock.advance(8_000)
  await deaf.ended
  const head = await server.log.head(conv)
  await healthy.entry(conv, head)
  expect(healthy.violations).toEqual([])
  const back = await server.connect('binh')
  await back.sync({ [conv]: 3 })
  await back.entry(conv, head)
  expect(back.violations).toEqual([])
}, 15_000)

/** More than all buffers between two sockets hold, as fast as `reader` reads. */
async function pour(server: Harness, conv: string, reader: TestClient): Promise<void> {
  const text = 'ằ'.repeat(4_000)
  for (let i = 0; i < 40; i++) {
    const seqs = await Promise.all(Array.from({ length: 20 }, () => server.say('an', conv, text)))
    await reader.entry(conv, Math.max(...seqs))
  }
}

import { expect, test } from 'bun:test'
import { AUTH_TIMEOUT_MS } from '@tam/protocol'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import { COMMAND_DEADLINE_SECONDS, HANDSHAKES_AT_ONCE } from '../src/realtime/limits.ts'
import { createHarness, ORIGIN } from './harness.ts'
import { SkewedClock } from './skewed-clock.ts'
import { TestClient } from './test-client.ts'

const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
const protocol = { 'sec-websocket-protocol': 'tam.v1' }

function statusOf(url: string, headers: Record<string, string>): Promise<Response> {
  return fetch(url.replace('ws:', 'http:'), { headers: { ...upgrade, ...key, ...headers } })
}

test('[CN1] the sub-protocol is tam.v1, alone or among others, and is answered', async () => {
  await using server = await createHarness()
  const response = await statusOf(server.url, { 'sec-websocket-protocol': 'other, tam.v1' })
  expect(response.status).toBe(101)
  expect(response.headers.get('sec-websocket-protocol')).toBe('tam.v1')
})

test('[CN1] W16 without tam.v1, or with 64 KiB of spaces and commas, there is no upgrade', async () => {
  await using server = await createHarness()
  for (const value of ['', 'tam.v2', 'tam.v1x', ', '.repeat(300)]) {
    const response = await statusOf(server.url, { 'sec-websocket-protocol': value })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
  }
  const flood = await statusOf(server.url, { 'sec-websocket-protocol': ' ,'.repeat(32_768) }).catch(
    () => null,
  )
  expect([null, 400, 431]).toContain(flood?.status ?? null)
})

test('[CN2] W01 a foreign Origin is refused before the upgrade, none is allowed', async () => {
  await using server = await createHarness()
  for (const origin of [
    'http://evil.example',
    `${ORIGIN}.evil.example`,
    'null',
    ORIGIN.toUpperCase(),
    `${ORIGIN}/`,
  ]) {
    const response = await statusOf(server.url, { ...protocol, origin, cookie: '__Host-rt=whatever' })
    expect({ origin, status: response.status }).toEqual({ origin, status: 403 })
    expect(await response.json()).toMatchObject({ code: 'origin_refused' })
  }
  expect((await statusOf(server.url, { ...protocol, origin: ORIGIN })).status).toBe(101)
})

test('[CN3] W05 a token in the URL is refused', async () => {
  await using server = await createHarness()
  const token = server.logins.token('an')
  const response = await statusOf(`${server.url}?token=${token}`, protocol)
  expect(response.status).toBe(400)
  expect(await response.text()).not.toContain(token)
})

test('[CN4] W02 whoever does not authenticate within 5 s is closed 4401, cookie or not', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  const client = await new TestClient(server.url, { cookie: '__Host-rt=whatever' }).opened()
  await clock.advance(3_000)
  expect(client.isOpen).toBe(true)
  await clock.advance(3_000)
  expect((await client.closed).code).toBe(4401)
})

test('[CN4] W07 a first frame over 4 KiB, or none that is auth, closes the connection', async () => {
  await using server = await createHarness()
  const token = server.logins.token('an')
  const cases: [string, number][] = [
    [JSON.stringify({ t: 'auth', token: 'x'.repeat(4_096), device: 'device-0001' }), 4400],
    ['not JSON', 4400],
    [JSON.stringify({ t: 'auth', token }), 4400],
    [JSON.stringify({ t: 'auth', token, device: 'device-0001', admin: true }), 4400],
    [JSON.stringify({ t: 'ping' }), 4401],
    [JSON.stringify({ t: 'send', id: 1, conv: 'conv', cid: 'cid-00000001', text: 'chào' }), 4401],
  ]
  for (const [text, code] of cases) {
    const client = await new TestClient(server.url).opened()
    client.sendText(text)
    expect({ text: text.slice(0, 60), code: (await client.closed).code }).toEqual({
      text: text.slice(0, 60),
      code,
    })
  }
})

test('[CN4] a second frame before hello closes 4401', async () => {
  await using server = await createHarness()
  const verifying = Promise.withResolvers<void>()
  server.logins.gate = verifying.promise
  const client = await new TestClient(server.url).opened()
  client.send({ t: 'auth', token: server.logins.token('an'), device: 'device-0001' })
  client.send({ t: 'ping' })
  expect((await client.closed).code).toBe(4401)
  verifying.resolve()
  expect(client.frames).toEqual([])
})

test('[CN5] W04 an unknown or expired token, or one of a revoked login, closes 4401', async () => {
  await using server = await createHarness()
  server.logins.revokeSilently('sid-revoked')
  const tokens = [
    'nonsense',
    server.logins.token('an', 'sid-old', -1),
    server.logins.token('an', 'sid-revoked'),
  ]
  for (const token of tokens) {
    const client = await new TestClient(server.url).opened()
    client.send({ t: 'auth', token, device: 'device-0001' })
    expect((await client.closed).code).toBe(4401)
    expect(client.frames).toEqual([])
  }
})

test('[CN6] W04 a later auth renews for the same user and closes 4403 for another', async () => {
  await using server = await createHarness()
  const client = await server.connect('an')
  client.send({ t: 'auth', token: server.logins.token('an'), device: 'device-0001' })
  await client.next(() => client.frames.filter(({ t }) => t === 'hello').length === 2)
  client.send({ t: 'auth', token: server.logins.token('binh'), device: 'device-0001' })
  expect((await client.closed).code).toBe(4403)
})

test('[CN6] an auth with a bad token later on closes 4401', async () => {
  await using server = await createHarness()
  const client = await server.connect('an')
  client.send({ t: 'auth', token: 'nonsense', device: 'device-0001' })
  expect((await client.closed).code).toBe(4401)
})

test('[CN7] a connection outlives its token by 60 s, unless it is renewed', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  const [lapsing, renewing] = await Promise.all([server.connect('an'), server.connect('binh')])
  for (let minute = 0; minute < 10; minute++) {
    await clock.advance(54_000, 3_000)
    lapsing.send({ t: 'ping' })
    await renewing.settle()
  }
  renewing.send({ t: 'auth', token: server.logins.token('binh'), device: 'device-0001' })
  await renewing.settle()
  expect(lapsing.isOpen).toBe(true)
  for (let minute = 0; minute < 3; minute++) {
    await clock.advance(50_000, 3_000)
    if (lapsing.isOpen) {
      lapsing.send({ t: 'ping' })
    }
    await renewing.settle()
  }
  expect((await lapsing.closed).code).toBe(4401)
  expect(renewing.isOpen).toBe(true)
})

test('[CN8] W34 a revoked login closes all its connections, and no others', async () => {
  await using server = await createHarness()
  const [phone, tablet, laptop] = await Promise.all([
    server.connect('an', { sid: 'sid-phone' }),
    server.connect('an', { sid: 'sid-phone' }),
    server.connect('an', { sid: 'sid-laptop' }),
  ])
  server.logins.revoke('an', 'sid-phone')
  expect([(await phone.closed).code, (await tablet.closed).code]).toEqual([4401, 4401])
  await laptop.settle()
  server.bus.publish('user/an', JSON.stringify({ t: 'revoke', sid: null }))
  expect((await laptop.closed).code).toBe(4401)
})

test('[CN8] a revocation the bus did not carry is found in the store', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock, isLossy: true })
  const client = await server.connect('an', { sid: 'sid-phone' })
  server.logins.revokeSilently('sid-phone')
  await clock.advance(13_000)
  expect((await client.closed).code).toBe(4401)
})

test('[CN9] W38 the twenty-first connection closes the oldest 4409', async () => {
  await using server = await createHarness()
  const oldest = await server.connect('an')
  const others = await Promise.all(Array.from({ length: 19 }, () => server.connect('an')))
  await server.connect('an')
  expect((await oldest.closed).code).toBe(4409)
  await Promise.all(others.map((client) => client.settle()))
})

test('[CN10] ping is answered by pong; silence closes after two heartbeats and 10 s', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  const [silent, alive] = await Promise.all([server.connect('an'), server.connect('binh')])
  await clock.advance(45_000, 5_000)
  await alive.settle()
  // Bytes that are no valid frame are no sign of life.
  silent.sendText('{"t":"nonsense"}')
  await clock.advance(20_000, 5_000)
  expect((await silent.closed).code).toBe(4408)
  await alive.settle()
})

test('[CN10] pings stay unanswered while the store is gone', async () => {
  let isAlive = true
  await using server = await createHarness({ isStoreAlive: () => isAlive })
  const client = await server.connect('an')
  await client.settle()
  isAlive = false
  client.send({ t: 'ping' })
  const { code } = await client.ask({ t: 'history', conv: 'khong-co', before: 1 })
  expect(code).toBe('not_found')
  expect(client.frames.filter(({ t }) => t === 'pong')).toHaveLength(1)
})

test('[CN11] draining: newcomers are refused, clients are told, what is left is closed 4412', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  const conv = await server.group('an')
  const [leaving, staying] = await Promise.all([server.live('an'), server.live('an')])
  const drained = server.gateway.drain()
  expect((await statusOf(server.url, protocol)).status).toBe(503)
  expect(await staying.frame('drain')).toMatchObject({ afterMs: 5_000 })
  await leaving.frame('drain')
  leaving.close()
  const { t } = await staying.ask({ t: 'send', conv, cid: 'cid-draining', text: 'còn kịp' })
  expect(t).toBe('ok')
  await clock.advance(5_200, 100)
  expect((await staying.closed).code).toBe(4412)
  await drained
  expect(server.gateway.stats()).toMatchObject({ connections: 0, inFlight: 0 })
})

test('a process that stood still drops everybody before it does anything else', async () => {
  const clock = new SkewedClock()
  await using server = await createHarness({ clock })
  const client = await server.connect('an')
  await clock.advance(60_000, 60_000)
  expect((await client.closed).code).toBe(4412)
})

test('newcomers are looked up little by little, however many they are', async () => {
  const kv = new MemoryKv({ now: () => Date.now() })
  const load = { now: 0, max: 0 }
  async function weighed<T>(answer: Promise<T>): Promise<T> {
    load.max = Math.max(load.max, ++load.now)
    await Bun.sleep(1)
    load.now--
    return answer
  }
  const people = Array.from({ length: 4 * HANDSHAKES_AT_ONCE }, (_, i) => `nguoi-${i}`)
  await using server = await createHarness({
    kv: {
      get: (partition, key) => weighed(kv.get(partition, key)),
      getMany: (refs) => weighed(kv.getMany(refs)),
      scan: (partition, range) => weighed(kv.scan(partition, range)),
      commit: (partition, change) => kv.commit(partition, change),
      close: () => kv.close(),
    },
  })
  await Promise.all(people.map((user) => server.connect(user)))
  // A newcomer asks for one thing after the other here.
  expect(load.max).toBeGreaterThan(HANDSHAKES_AT_ONCE / 2)
  expect(load.max).toBeLessThanOrEqual(HANDSHAKES_AT_ONCE)
})

test('a store that keeps newcomers waiting costs nobody their login', async () => {
  const clock = new SkewedClock()
  const kv = new MemoryKv(clock)
  const never = new Promise<never>(() => {})
  await using server = await createHarness({
    clock,
    kv: {
      get: () => never,
      getMany: () => never,
      scan: () => never,
      commit: (partition, change) => kv.commit(partition, change),
      close: () => kv.close(),
    },
  })
  const client = await new TestClient(server.url).opened()
  client.send({ t: 'auth', token: server.logins.token('an'), device: 'device-0001' })
  await Bun.sleep(20)
  await clock.advance(AUTH_TIMEOUT_MS + 1_000, 1_000)
  await clock.advance(COMMAND_DEADLINE_SECONDS * 1_000, 1_000)
  expect((await client.closed).code).toBe(1011)
})

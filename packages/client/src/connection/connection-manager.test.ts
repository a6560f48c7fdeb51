import { expect, test } from 'bun:test'
import type { HelloFrame } from '@tam/protocol'
import { CLOSE } from '@tam/protocol/close-code'
import { FakeClock, TestSocketPair } from '@tam/testkit'
import type { Random } from '@tam/util'
import type { ConnectionState } from '../api.ts'
import { TamError } from '../errors.ts'
import { microtaskScheduler, Notifier } from '../store/observable.ts'
import { drain } from '../tests/test-network.ts'
import { BACKOFF, ConnectionManager, STABLE_MS } from './connection-manager.ts'
import type { EnvironmentChange } from './environment.ts'
import { PROBE_TIMEOUT_MS } from './heartbeat.ts'
import { HANDSHAKE_TIMEOUT_MS } from './link.ts'

const HEARTBEAT_MS = 25_000

/** A manager, the server's end of its newest socket, and a dice that always shows `luck`. */
class Bench {
  readonly clock = new FakeClock()
  readonly pairs: TestSocketPair[] = []
  readonly heard: { t: string; token?: string }[] = []
  readonly refused: string[] = []
  luck = 0.5
  token: () => Promise<string> = () => Promise.resolve('token-1')
  sync: () => Promise<void> = () => Promise.resolve()
  lost = 0
  surroundings: (change: EnvironmentChange) => void = () => undefined
  readonly manager: ConnectionManager

  constructor() {
    const random: Random = { float: () => this.luck, bytes: (length) => new Uint8Array(length) }
    this.manager = new ConnectionManager({
      clock: this.clock,
      random,
      environment: {
        online: () => true,
        visible: () => true,
        onChange: (listener) => {
          this.surroundings = listener
          return () => undefined
        },
      },
      notifier: new Notifier(microtaskScheduler, () => undefined),
      open: (events) => {
        const pair = new TestSocketPair()
        pair.client.onFrame = events.onFrame
        pair.client.onClose = events.onClose
        pair.server.onFrame = (text) => this.heard.push(JSON.parse(text))
        this.pairs.push(pair)
        queueMicrotask(() => events.onOpen())
        return pair.client
      },
      token: () => this.token(),
      refuse: (token) => this.refused.push(token),
      device: () => Promise.resolve('device-1'),
      sync: () => this.sync(),
      onFrame: (frame) => frame.t === 'drain' && this.manager.drain(frame.afterMs),
      onConnected: () => undefined,
      onLost: () => this.lost++,
      onError: () => undefined,
    })
  }

  get state(): ConnectionState {
    return this.manager.state.get()
  }

  get pair(): TestSocketPair {
    return this.pairs.at(-1)!
  }

  async connect(): Promise<void> {
    this.manager.start()
    await this.greet()
  }

  /** The server says hello on the newest socket. */
  async greet(): Promise<void> {
    await drain()
    this.tell({
      t: 'hello',
      session: 's',
      user: { id: 'an' },
      node: 'n',
      epoch: 'e',
      heartbeatMs: HEARTBEAT_MS,
    } as HelloFrame)
    await drain()
  }

  tell(frame: object): void {
    this.pair.server.send(JSON.stringify(frame))
    this.pair.settle()
  }

  async closeWith({ code, reason }: { code: number; reason: string }): Promise<void> {
    this.pair.server.close(code, reason)
    this.pair.settle()
    await drain()
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms)
    await drain()
    this.pair.settle()
  }
}

test('[CN4] auth is the first frame, and connected means synced', async () => {
  const bench = new Bench()
  const { promise, resolve } = Promise.withResolvers<void>()
  bench.sync = () => promise
  await bench.connect()
  expect(bench.heard).toEqual([{ t: 'auth', token: 'token-1', device: 'device-1' } as never])
  expect(bench.state).toEqual({ status: 'connecting', attempt: 0 })
  resolve()
  await drain()
  expect(bench.state.status).toBe('connected')
})

test('nothing but auth is sent before hello', async () => {
  const bench = new Bench()
  bench.manager.start()
  await drain()
  expect(bench.manager.send({ t: 'ping' })).toBe(false)
})

test('delays grow with full jitter from 0.5 s up to 30 s', async () => {
  const bench = new Bench()
  bench.luck = 1
  bench.token = () => Promise.reject(new TamError('offline', { retryable: true }))
  bench.manager.start()
  const delays: number[] = []
  for (let attempt = 0; attempt < 9; attempt++) {
    await drain()
    const state = bench.state as Extract<ConnectionState, { status: 'waiting' }>
    delays.push(state.retryAt - bench.clock.now())
    expect(bench.clock.pending).toBe(1)
    bench.clock.advance(state.retryAt - bench.clock.now())
  }
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000])
  expect(BACKOFF).toEqual({ baseMs: 500, capMs: 30_000 })
})

test('only a connection that held for 30 s starts at the shortest delay again', async () => {
  const bench = new Bench()
  await bench.connect()
  await bench.closeWith(CLOSE.slowConsumer)
  expect(bench.state).toMatchObject({ status: 'waiting', attempt: 1, reason: 'slow_consumer' })
  await bench.pass(30_000)
  await bench.greet()
  await bench.closeWith(CLOSE.slowConsumer)
  expect(bench.state).toMatchObject({ attempt: 2 })
  await bench.pass(30_000)
  await bench.greet()
  await bench.pass(STABLE_MS)
  await bench.closeWith(CLOSE.slowConsumer)
  expect(bench.state).toMatchObject({ attempt: 0 })
})

test('starting again while waiting tries at once, with one timer and one socket', async () => {
  const bench = new Bench()
  await bench.connect()
  await bench.closeWith({ code: 1006, reason: '' })
  bench.manager.start()
  bench.manager.start()
  await bench.greet()
  expect(bench.state.status).toBe('connected')
  await bench.pass(60_000)
  expect(bench.pairs).toHaveLength(2)
})

test('[CN5] 4401 asks for another token; when the login is over the connection stops', async () => {
  const bench = new Bench()
  await bench.connect()
  await bench.closeWith(CLOSE.unauthenticated)
  expect(bench.refused).toEqual(['token-1'])
  bench.token = () => Promise.reject(new TamError('unauthenticated'))
  await bench.pass(2_000)
  expect(bench.state).toEqual({ status: 'stopped', reason: 'signed-out' })
})

test('[CN9] a replaced or forbidden connection stays away until it is started again', async () => {
  for (const [close, reason] of [
    [CLOSE.replaced, 'replaced'],
    [CLOSE.forbidden, 'forbidden'],
    [CLOSE.badFrame, 'forbidden'],
  ] as const) {
    const bench = new Bench()
    await bench.connect()
    await bench.closeWith(close)
    await bench.pass(120_000)
    expect(bench.state).toEqual({ status: 'stopped', reason })
    await bench.connect()
    expect(bench.state.status).toBe('connected')
  }
})

test('[CN10] two heartbeats without any frame are death: the old socket is closed before a new one opens', async () => {
  const bench = new Bench()
  await bench.connect()
  await bench.pass(HEARTBEAT_MS)
  bench.tell({ t: 'pong' })
  await bench.pass(HEARTBEAT_MS)
  await bench.pass(HEARTBEAT_MS)
  expect(bench.state.status).toBe('connected')
  await bench.pass(HEARTBEAT_MS)
  expect(bench.state).toMatchObject({ status: 'waiting', reason: 'dead' })
  expect(bench.pair.open).toBe(false)
  expect(bench.heard.filter(({ t }) => t === 'ping')).toHaveLength(3)
})

test('no hello within 10 s is a failed attempt', async () => {
  const bench = new Bench()
  bench.manager.start()
  await drain()
  await bench.pass(HANDSHAKE_TIMEOUT_MS)
  expect(bench.state).toMatchObject({ status: 'waiting', reason: 'handshake-timeout' })
})

test('[OFF-05] after sleep the socket is replaced at once; after a doubtful moment it must answer within 2 s', async () => {
  const bench = new Bench()
  await bench.connect()
  bench.surroundings('online')
  await bench.pass(PROBE_TIMEOUT_MS - 1)
  bench.tell({ t: 'pong' })
  await bench.pass(10)
  expect(bench.state.status).toBe('connected')
  bench.surroundings('visible')
  await bench.pass(PROBE_TIMEOUT_MS)
  expect(bench.state).toMatchObject({ status: 'waiting', reason: 'dead' })
  bench.surroundings('online')
  await bench.greet()
  bench.clock.jump(3_600_000)
  bench.surroundings('visible')
  expect(bench.state).toMatchObject({ status: 'waiting', reason: 'dead' })
})

test('[CN11] on drain the client moves within the time it was given, and only once', async () => {
  const bench = new Bench()
  await bench.connect()
  bench.tell({ t: 'drain', afterMs: 10_000 })
  bench.tell({ t: 'drain', afterMs: 10_000 })
  await bench.pass(4_999)
  expect(bench.pairs).toHaveLength(1)
  await bench.pass(1)
  await bench.greet()
  expect(bench.pairs).toHaveLength(2)
  expect(bench.pairs[0]!.open).toBe(false)
  await bench.pass(20_000)
  expect(bench.pairs).toHaveLength(2)
})

test('[CN6] a renewed token is shown on the open connection; the second hello changes nothing', async () => {
  const bench = new Bench()
  let syncs = 0
  bench.sync = () => (syncs++, Promise.resolve())
  await bench.connect()
  bench.manager.renew('token-2')
  await bench.greet()
  expect(bench.heard.at(-1)).toMatchObject({ t: 'auth', token: 'token-2' })
  expect(syncs).toBe(1)
})

test('a broken frame ends the connection, an unknown one is dropped', async () => {
  const bench = new Bench()
  await bench.connect()
  bench.tell({ t: 'poll', question: 'Ăn gì?' })
  expect(bench.state.status).toBe('connected')
  bench.tell({
    t: 'entry',
    conv: 'c1',
    entries: [
      { seq: 1, type: 'message' },
      { seq: 3, type: 'message' },
    ],
  })
  expect(bench.state).toMatchObject({ status: 'waiting', reason: 'broken-frame' })
  expect(bench.lost).toBe(1)
})

test('closing ends everything: no timer is left', async () => {
  const bench = new Bench()
  await bench.connect()
  bench.manager.close()
  expect(bench.state).toEqual({ status: 'stopped', reason: 'closed' })
  expect(bench.clock.pending).toBe(0)
})

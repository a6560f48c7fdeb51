import { afterEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { type Socket, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TcpProxy } from './tcp-proxy.ts'

let cleanup = new AsyncDisposableStack()
afterEach(async () => {
  await cleanup.disposeAsync()
  cleanup = new AsyncDisposableStack()
})

/** One side of a connection: what it got, and how it ended. */
class Side {
  readonly socket: Socket
  text = ''
  ended = false
  closed: 'no' | 'clean' | 'reset' = 'no'
  #wake = () => {}

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes: Buffer) => ((this.text += bytes.toString('latin1')), this.#wake()))
    socket.on('end', () => ((this.ended = true), this.#wake()))
    socket.on('error', () => ((this.closed = 'reset'), this.#wake()))
    socket.on('close', () => ((this.closed = this.closed === 'no' ? 'clean' : this.closed), this.#wake()))
    cleanup.defer(() => void socket.destroy())
  }

  async until(isTrue: (side: Side) => boolean): Promise<void> {
    while (!isTrue(this)) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}

async function pair(): Promise<{ proxy: TcpProxy; client: Side; server: Side; dial: () => Promise<Pair> }> {
  const accepted: ((side: Side) => void)[] = []
  const target = createServer({ allowHalfOpen: true }, (socket) => accepted.shift()?.(new Side(socket)))
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
  cleanup.defer(() => void target.close())
  const { port } = target.address() as { port: number }
  const proxy = cleanup.use(await TcpProxy.listen({ port }))
  const dial = async () => {
    const server = new Promise<Side>((resolve) => accepted.push(resolve))
    const client = new Side(connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true }))
    return { client, server: await server }
  }
  return { proxy, dial, ...(await dial()) }
}

interface Pair {
  client: Side
  server: Side
}

test('passes both directions, and the ends of both', async () => {
  const { proxy, client, server } = await pair()
  client.socket.write('chào')
  await server.until(({ text }) => text.length === 5)
  server.socket.end('xin chào')
  await client.until(({ ended }) => ended)
  expect(Buffer.from(client.text, 'latin1').toString()).toBe('xin chào')
  client.socket.end('hết')
  await server.until(({ ended }) => ended)
  await client.until(({ closed }) => closed === 'clean')
  expect(proxy.connections).toBe(0)
})

test('passes megabytes unchanged, in order', async () => {
  const { client, server } = await pair()
  const bytes = Buffer.from(Array.from({ length: 4_000_000 }, (_, index) => (index * 7919) % 251))
  client.socket.end(bytes)
  await server.until(({ ended }) => ended)
  expect(Buffer.from(server.text, 'latin1').equals(bytes)).toBe(true)
})

test('latency: every byte comes late, none out of order', async () => {
  const { proxy, client, server } = await pair()
  proxy.set({ kind: 'open', latencyMs: 60 }, ['up'])
  const since = performance.now()
  for (const letter of 'abcdef') {
    client.socket.write(letter)
    await Bun.sleep(2)
  }
  await server.until(({ text }) => text.length > 0)
  expect(performance.now() - since).toBeGreaterThanOrEqual(58)
  await server.until(({ text }) => text.length === 6)
  expect(server.text).toBe('abcdef')
})

test('stalled: nothing passes until it heals, then everything', async () => {
  const { proxy, client, server } = await pair()
  proxy.set({ kind: 'stalled' })
  client.socket.write('một ')
  server.socket.write('1')
  await Bun.sleep(30)
  expect([server.text, client.text]).toEqual(['', ''])
  proxy.heal()
  await client.until(({ text }) => text === '1')
  client.socket.write('hai')
  await server.until(({ text }) => text.endsWith('hai'))
  expect(server.closed).toBe('no')
})

test('stalled: a sender meets back-pressure instead of endless memory', async () => {
  const { proxy, client, server } = await pair()
  proxy.set({ kind: 'stalled' }, ['up'])
  client.socket.write(Buffer.alloc(64 * 1024 * 1024))
  await Bun.sleep(50)
  expect(client.socket.writableNeedDrain).toBe(true)
  proxy.heal()
  await server.until(({ text }) => text.length === 64 * 1024 * 1024)
})

test('blackholed one way: the other way goes on, and healing resets what lost bytes', async () => {
  const { proxy, client, server } = await pair()
  proxy.set({ kind: 'blackholed' }, ['down'])
  client.socket.write('nghe')
  await server.until(({ text }) => text === 'nghe')
  server.socket.write('mất')
  await Bun.sleep(30)
  expect([client.text, client.closed]).toEqual(['', 'no'])
  proxy.heal()
  await client.until(({ closed }) => closed !== 'no')
  await server.until(({ closed }) => closed !== 'no')
})

test('blackholed both ways: a new connection hears nothing; one that lost nothing goes on after it', async () => {
  const { proxy, client, server, dial } = await pair()
  proxy.set({ kind: 'blackholed' })
  const late = await dial()
  late.client.socket.write('có ai không')
  await Bun.sleep(30)
  expect([late.server.text, late.client.closed]).toEqual(['', 'no'])
  proxy.heal()
  await late.client.until(({ closed }) => closed !== 'no')
  client.socket.write('vẫn đây')
  await server.until(({ text }) => text.length > 0)
})

test('blackholed: not even an end passes', async () => {
  const { proxy, client, server } = await pair()
  proxy.set({ kind: 'blackholed' }, ['up'])
  client.socket.end()
  await Bun.sleep(30)
  expect(server.ended).toBe(false)
})

test('reset: both sides are cut off at once', async () => {
  const { proxy, client, server } = await pair()
  proxy.reset()
  await client.until(({ closed }) => closed !== 'no')
  await server.until(({ closed }) => closed !== 'no')
  expect([client.closed, server.closed]).toEqual(['reset', 'reset'])
})

test('half-close: one direction ends, the other goes on', async () => {
  const { proxy, client, server } = await pair()
  proxy.halfClose('up')
  await server.until(({ ended }) => ended)
  server.socket.write('còn đây')
  await client.until(({ text }) => text.length > 0)
  expect(client.closed).toBe('no')
})

test('cut: exactly so many bytes arrive', async () => {
  const { proxy, client, server } = await pair()
  proxy.cutAfter(5, 'up')
  client.socket.write('123')
  await server.until(({ text }) => text === '123')
  client.socket.write('456789')
  await client.until(({ closed }) => closed !== 'no')
  await server.until(({ ended }) => ended)
  expect(server.text).toBe('12345')
})

test('a target that is gone closes the connection', async () => {
  const proxy = cleanup.use(await TcpProxy.listen({ port: 1 }))
  const client = new Side(connect({ port: proxy.port, host: '127.0.0.1' }))
  await client.until(({ closed }) => closed !== 'no')
})

test('between Unix sockets as well', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tam-proxy-'))
  cleanup.defer(() => rmSync(folder, { recursive: true }))
  const [target, from] = [join(folder, 'target'), join(folder, 'from')]
  const server = createServer((socket) => socket.pipe(socket))
  await new Promise<void>((resolve) => server.listen(target, resolve))
  cleanup.defer(() => void server.close())
  cleanup.use(await TcpProxy.listen({ path: target }, { path: from }))
  const client = new Side(connect({ path: from }))
  client.socket.write('vọng')
  await client.until(({ text }) => text.length === 6)
})

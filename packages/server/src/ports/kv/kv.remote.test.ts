import { afterEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type Socket, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, systemClock } from '@tam/util'
import { kvContract } from './kv.contract.ts'
import { MemoryKv } from './kv.memory.ts'
import { FRAME_BYTES_MAX, FrameReader, encodeFrame } from './kv.remote.frames.ts'
import { ANSWER_MS } from './kv.remote.link.ts'
import { serveKv } from './kv.remote.server.ts'
import { parseRemoteKvUrl } from './kv.remote.target.ts'
import { IN_FLIGHT_MAX, openRemoteKv } from './kv.remote.ts'
import { openSqliteKv } from './kv.sqlite.ts'
import { type Kv, StorageFull, UnknownOutcome } from './kv.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) {
    await cleanup()
  }
})

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tam-kv-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  return folder
}

async function served(kv: Kv, path = join(freshFolder(), 'kv.sock'), clock: Clock = systemClock) {
  const server = await serveKv({ kv, path })
  cleanups.push(() => server[Symbol.asyncDispose]())
  const remote = await openRemoteKv({ path, clock })
  cleanups.push(() => remote.close())
  return { path, remote, stop: () => server[Symbol.asyncDispose]() }
}

/** Somebody who takes connections and is silent until it is stopped. */
async function mute(path: string): Promise<() => void> {
  const sockets: Socket[] = []
  const server = createServer((socket) => void sockets.push(socket.resume()))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  const stop = () => {
    server.close()
    sockets.forEach((socket) => socket.destroy())
  }
  cleanups.push(stop)
  return stop
}

const put = (key: string) => ({ put: [{ key, value: '1' }] })

/** What `promise` rejects with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

kvContract('remote, over SQLite', async (clock) => {
  const folder = freshFolder()
  const kv = await openSqliteKv({
    path: join(folder, 'tam.db'),
    clock,
    onFatal: (error) => {
      throw error
    },
  })
  cleanups.push(() => kv.close())
  return (await served(kv, join(folder, 'kv.sock'), clock)).remote
})

describe('remote: the connection', () => {
  test('a lost one makes what was in flight Unknown, and the next call opens another', async () => {
    const store = new MemoryKv(systemClock)
    let reached = () => {}
    const arrived = new Promise<void>((resolve) => (reached = resolve))
    let go = () => {}
    const held = new Promise<void>((resolve) => (go = resolve))
    const slow: Kv = {
      get: (partition, key) => store.get(partition, key),
      getMany: (refs) => store.getMany(refs),
      scan: (partition, range) => store.scan(partition, range),
      async commit(partition, change) {
        reached()
        await held
        return store.commit(partition, change)
      },
      close: () => store.close(),
    }
    const { path, remote, stop } = await served(slow)
    const commit = rejection(remote.commit('p', put('a')))
    await arrived
    await stop()
    expect(await commit).toBeInstanceOf(UnknownOutcome)
    expect(await rejection(remote.get('p', 'a'))).toBeInstanceOf(UnknownOutcome)
    go()
    await using _ = await serveKv({ kv: slow, path })
    // It was carried out, although nobody heard of it.
    expect((await remote.get('p', 'a'))?.value).toBe('1')
    expect((await remote.commit('p', put('b'))).committed).toBe(true)
  })

  test('one that is silent for too long is given up', async () => {
    const path = join(freshFolder(), 'kv.sock')
    await mute(path)
    const checks: (() => void)[] = []
    let now = 0
    const clock: Clock = {
      ...systemClock,
      monotonic: () => now,
      every: (_ms, check) => (checks.push(check), () => {}),
    }
    const remote = await openRemoteKv({ path, clock })
    const commit = rejection(remote.commit('p', put('a')))
    await new Promise(setImmediate)
    now = ANSWER_MS
    checks.forEach((check) => check())
    now++
    checks.forEach((check) => check())
    expect(String(await commit)).toContain(`did not answer for ${ANSWER_MS} ms`)
    await remote.close()
  })

  test('calls in flight are bounded', async () => {
    const path = join(freshFolder(), 'kv.sock')
    const stop = await mute(path)
    const remote = await openRemoteKv({ path, clock: systemClock })
    const calls = Array.from({ length: IN_FLIGHT_MAX + 1 }, () => rejection(remote.get('p', 'k')))
    expect(String(await calls.at(-1))).toContain('too many calls wait')
    stop()
    const errors = await Promise.all(calls)
    expect(errors.every((error) => error instanceof UnknownOutcome)).toBe(true)
    await remote.close()
  })

  test('closing waits for the answers under way and refuses the rest', async () => {
    const { remote } = await served(new MemoryKv(systemClock))
    const accepted = remote.commit('p', put('a'))
    const closed = remote.close()
    expect(await rejection(remote.get('p', 'a'))).toBeInstanceOf(UnknownOutcome)
    await closed
    expect((await accepted).committed).toBe(true)
  })

  test('a full store is told as such', async () => {
    const full = new MemoryKv(systemClock)
    full.commit = () => Promise.reject(new StorageFull('no space left for the database'))
    const { remote } = await served(full)
    expect(await rejection(remote.commit('p', put('a')))).toBeInstanceOf(StorageFull)
  })

  test('a socket left by a dead process is replaced, anything else is not', async () => {
    const folder = freshFolder()
    const path = join(folder, 'kv.sock')
    const script = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
    await Bun.spawn([process.execPath, '-e', script]).exited
    expect(statSync(path).isSocket()).toBe(true)
    const { remote } = await served(new MemoryKv(systemClock), path)
    expect((await remote.commit('p', put('a'))).committed).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const file = join(folder, 'file')
    writeFileSync(file, 'theirs')
    expect(await rejection(serveKv({ kv: new MemoryKv(systemClock), path: file }))).toBeInstanceOf(Error)
    expect(statSync(file).isFile()).toBe(true)
  })

  test('somebody who speaks otherwise is cut off, and nobody else notices', async () => {
    const { path, remote } = await served(new MemoryKv(systemClock))
    for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.from([0, 0, 0, 1, 0x7b])]) {
      const closed = Promise.withResolvers<void>()
      const socket = await Bun.connect({
        unix: path,
        socket: { data() {}, error() {}, close: () => closed.resolve() },
      })
      socket.write(bytes)
      await closed.promise
    }
    expect((await remote.commit('p', put('a'))).committed).toBe(true)
  })

  test('where nobody serves a store, opening says so', async () => {
    const path = join(freshFolder(), 'kv.sock')
    let now = 0
    const clock: Clock = {
      ...systemClock,
      monotonic: () => (now += 3_000),
      after: (ms, fn) => systemClock.after(ms > 1_000 ? ms : 0, fn),
    }
    expect(String(await rejection(openRemoteKv({ path, clock })))).toBe(
      `RemoteKvOpenError: unix://${path}: nobody serves a store there`,
    )
  })
})

test('the path of a unix URL', () => {
  expect(parseRemoteKvUrl('unix:///run/tám/kv.sock')).toBe('/run/tám/kv.sock')
  for (const url of ['unix://', 'unix:kv', 'unix://host/x', 'redis://x', 'unix:///a?b']) {
    expect(() => parseRemoteKvUrl(url)).toThrow('must look like unix:///path/to/socket')
  }
})

test('messages come whole out of a stream cut anywhere', () => {
  const messages = [
    { id: 1, op: 'get' as const, partition: 'Đặng', key: '👩‍👩‍👧' },
    { id: 2, op: 'get' as const, partition: '', key: 'x'.repeat(300) },
    { id: 3, op: 'getMany' as const, refs: [] },
  ]
  const bytes = Buffer.concat(messages.map((message) => encodeFrame(message)))
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new FrameReader()
    expect([...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))]).toEqual(messages)
  }
  const reader = new FrameReader()
  expect([...bytes].flatMap((byte) => reader.push(Buffer.from([byte])))).toEqual(messages)
})

test('a message that is too long is refused before it is held', () => {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(FRAME_BYTES_MAX + 1)
  expect(() => new FrameReader().push(head)).toThrow(`${FRAME_BYTES_MAX} at most`)
})

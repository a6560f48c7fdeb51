import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Presence } from '@tam/protocol'
import { Fleet, type Person } from './fleet.ts'
import type { ServerUnderTest } from './server-under-test.ts'
import type { TestClient } from './test-client.ts'

const suite = process.env.TAM_TEST_REDIS === '1' ? describe : describe.skip
/** Every watcher sees the truth within this, whatever is killed. */
const TRUTH_MS = 45_000
const TEST_MS = 2 * TRUTH_MS + 15_000

suite('presence over real processes and a real Redis', () => {
  let fleet: Fleet
  let api: ServerUnderTest
  let chat: readonly [ServerUnderTest, ServerUnderTest]
  let presence: readonly [ServerUnderTest, ServerUnderTest]
  let an: Person
  let others: readonly Person[]
  let watcher: TestClient
  const clients: TestClient[] = []
  const pings = setInterval(() => {
    clients.filter(({ isOpen }) => isOpen).forEach((client) => client.send({ t: 'ping' }))
  }, 20_000)

  beforeAll(async () => {
    fleet = await Fleet.start()
    const roles = ['api', 'chat', 'chat', 'presence', 'presence']
    const [a, b, c, d, e] = (await Promise.all(roles.map((role) => fleet.serve(role)))) as [
      ServerUnderTest,
      ServerUnderTest,
      ServerUnderTest,
      ServerUnderTest,
      ServerUnderTest,
    ]
    api = a
    chat = [b, c]
    presence = [d, e]
    an = await fleet.register(api, 'thi.an', 'Nguyễn Thị Ân')
    const names = ['Trần Bình', 'Phạm Kim Chi', 'Lê Dũng', 'Hoàng Giang', 'Đỗ Hà', 'Vũ Khánh']
    others = await Promise.all(names.map((name, i) => fleet.register(api, `nguoi.${i}`, name)))
    const body = { kind: 'group', title: 'Cả nhóm', memberIds: others.map(({ id }) => id) }
    await fleet.call(api, 'POST', '/api/conversations', body, an.token)
    watcher = await connect(chat[1], an)
    watcher.send({ t: 'watch', users: others.map(({ id }) => id) })
  }, TEST_MS)
  afterAll(async () => {
    clearInterval(pings)
    await fleet[Symbol.asyncDispose]()
  })

  const connect = async (server: ServerUnderTest, person: Person) => {
    const client = await fleet.connect(server, person)
    clients.push(client)
    return client
  }
  const all = (status: Presence['status']) => Object.fromEntries(others.map(({ id }) => [id, status]))
  const seen = () => {
    const users = watcher.frames.flatMap((frame) => (frame.t === 'presence' ? frame.users : []))
    return Object.fromEntries(users.map(({ id, status }) => [id, status]))
  }
  /** Resolves when the watcher sees it so; fails after TRUTH_MS. @returns how long it took, milliseconds */
  const becomes = async (wanted: Record<string, Presence['status']>): Promise<number> => {
    const began = performance.now()
    while (!Bun.deepEquals(seen(), { ...seen(), ...wanted })) {
      if (performance.now() - began > TRUTH_MS) {
        expect(seen()).toMatchObject(wanted)
      }
      await Bun.sleep(50)
    }
    return performance.now() - began
  }

  test(
    'kill -9 of a client',
    async () => {
      await becomes(all('offline'))
      const [first] = await Promise.all(others.map((person) => connect(chat[0], person)))
      expect(await becomes(all('online'))).toBeLessThan(10_000)
      first?.terminate()
      expect(await becomes({ [others[0]?.id ?? '']: 'offline' })).toBeWithin(8_000, 16_000)
    },
    TEST_MS,
  )

  test(
    'kill -9 of a chat server',
    async () => {
      await chat[0].kill()
      await becomes(all('offline'))
      await Promise.all(others.map((person) => connect(chat[1], person)))
      await becomes(all('online'))
    },
    TEST_MS,
  )

  test(
    'kill -9 of a presence server: nothing flickers, and what changes shows',
    async () => {
      await presence[0].kill()
      const before = watcher.frames.length
      const back = await fleet.serve('chat')
      const person = others[1] as Person
      const second = await connect(back, person)
      second.send({ t: 'focus', conv: null, active: true })
      await Bun.sleep(20_000)
      const told = watcher.frames
        .slice(before)
        .flatMap((frame) => (frame.t === 'presence' ? frame.users : []))
      expect(told.filter(({ status }) => status !== 'online')).toEqual([])
      await fleet.call(api, 'PATCH', '/api/me', { presence: { dnd: true } }, person.token)
      await becomes({ [person.id]: 'dnd' })
    },
    TEST_MS,
  )

  test(
    'kill -9 of Redis: unknown, then the truth',
    async () => {
      const before = watcher.frames.length
      await fleet.redis.kill()
      await becomes(all('unknown'))
      await fleet.redis.start()
      await becomes({ ...all('online'), [others[1]?.id ?? '']: 'dnd' })
      const offline = watcher.frames
        .slice(before)
        .filter((frame) => JSON.stringify(frame).includes('offline'))
      expect(offline).toEqual([])
    },
    TEST_MS,
  )

  test('a new name reaches those who have the person on screen within a second', async () => {
    const stranger = await fleet.register(api, 'nguoi.la', 'Người Lạ')
    watcher.send({ t: 'watch', users: [...others.map(({ id }) => id), stranger.id] })
    await watcher.settle()
    const began = performance.now()
    await fleet.call(api, 'PATCH', '/api/me', { name: 'Người Quen' }, stranger.token)
    const told = await watcher.next((frame) => frame.t === 'profile' && frame.users[0]?.id === stranger.id)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(told).toMatchObject({ users: [{ name: 'Người Quen' }] })
  })
})

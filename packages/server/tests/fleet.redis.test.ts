import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { startRedis } from '../../../tools/engines/redis/server.ts'
import { Fleet, type Person } from './fleet.ts'
import type { ServerUnderTest } from './server-under-test.ts'
import type { TestClient } from './test-client.ts'

const suite = process.env.TAM_TEST_REDIS === '1' ? describe : describe.skip
const SLOW_MS = 60_000

suite('a fleet of one role per process', () => {
  let fleet: Fleet
  let api: readonly [ServerUnderTest, ServerUnderTest]
  let chat: readonly [ServerUnderTest, ServerUnderTest]
  let an: Person
  let binh: Person
  let chi: Person
  let conv: string

  beforeAll(async () => {
    fleet = await Fleet.start()
    const [a, b, c, d] = await Promise.all(['api', 'api', 'chat', 'chat'].map((role) => fleet.serve(role)))
    api = [a, b] as [ServerUnderTest, ServerUnderTest]
    chat = [c, d] as [ServerUnderTest, ServerUnderTest]
    an = await fleet.register(api[0], 'thi.an', 'Nguyễn Thị Ân')
    binh = await fleet.register(api[1], 'tran.binh', 'Trần Bình')
    chi = await fleet.register(api[1], 'kim.chi', 'Phạm Kim Chi')
    const body = { kind: 'group', title: 'Hội quán', memberIds: [binh.id] }
    const { conversation } = await fleet.call(api[0], 'POST', '/api/conversations', body, an.token)
    conv = (conversation as { id: string }).id
  }, SLOW_MS)
  afterAll(() => fleet[Symbol.asyncDispose]())

  const cid = () => crypto.randomUUID()
  const say = (client: TestClient, text: string) => client.ask({ t: 'send', conv, cid: cid(), text })
  const get = (server: ServerUnderTest, path: string, { token }: Person) =>
    fleet.call(server, 'GET', `/api/conversations/${conv}${path}`, undefined, token)

  test('what is said on one chat server is heard on the other, and read on both API servers', async () => {
    const [one, two] = await Promise.all([fleet.connect(chat[0], an), fleet.connect(chat[1], binh)])
    const { seq } = await say(one, 'Chào Bình, khoẻ không?')
    expect(await two.entry(conv, Number(seq))).toMatchObject({ text: 'Chào Bình, khoẻ không?' })
    for (const server of api) {
      const { messages } = await get(server, '/messages', binh)
      expect((messages as unknown[]).at(-1)).toMatchObject({ seq })
    }
  })

  test('a change made at one API server is true at the other at once', async () => {
    const path = `/api/conversations/${conv}`
    for (let round = 0; round < 20; round++) {
      const [here, there] = round % 2 === 0 ? api : ([api[1], api[0]] as const)
      const title = `Hội quán ${round}`
      await fleet.call(here, 'PATCH', path, { title }, an.token)
      expect((await get(there, '', an))['conversation']).toMatchObject({ title })
      await fleet.call(here, 'POST', `${path}/members`, { userIds: [chi.id] }, an.token)
      expect((await get(there, '/members', chi))['members']).toHaveLength(3)
      await fleet.call(here, 'DELETE', `${path}/members/${chi.id}`, undefined, an.token)
      const refused = await get(there, '/messages', chi).catch((error: Error) => error.message)
      expect(refused).toContain('404')
    }
  })

  test('a new name shows at every API server at once, also where the old one was just read', async () => {
    const path = `/api/users?ids=${an.id}`
    const nameAt = async (server: ServerUnderTest) => {
      const { users } = await fleet.call(server, 'GET', path, undefined, binh.token)
      return (users as { name: string }[])[0]?.name
    }
    for (const name of ['Ân', 'Nguyễn Thị Ân']) {
      await nameAt(api[1])
      await fleet.call(api[0], 'PATCH', '/api/me', { name }, an.token)
      const changed = performance.now()
      await until(async () => (await nameAt(api[1])) === name)
      expect(performance.now() - changed).toBeLessThan(2_000)
    }
  })

  test(
    'roles can share a process, in any combination',
    async () => {
      const [both, whole] = await Promise.all([fleet.serve('api,chat'), fleet.serve('all')])
      const [one, two] = await Promise.all([fleet.connect(both, an), fleet.connect(whole, binh)])
      const { seq } = await say(one, 'chung một nhà')
      await two.entry(conv, Number(seq))
      // They remember what their own chat servers hear of; what the others change is true at once all the same.
      const servers = [both, whole, api[0]]
      for (let round = 0; round < 12; round++) {
        const [here, there] = [servers[round % 3], servers[(round + 1) % 3]] as [
          ServerUnderTest,
          ServerUnderTest,
        ]
        const title = `Hội quán chung ${round}`
        await fleet.call(here, 'PATCH', `/api/conversations/${conv}`, { title }, an.token)
        await until(async () => {
          const { conversation } = await get(there, '', binh)
          return (conversation as { title: string }).title === title
        })
      }
      expect([...one.violations, ...two.violations]).toEqual([])
      await Promise.all([both.kill(), whole.kill()])
    },
    SLOW_MS,
  )

  test('a removal ends what is heard and said at every chat server', async () => {
    const path = `/api/conversations/${conv}/members`
    await fleet.call(api[0], 'POST', path, { userIds: [chi.id] }, an.token)
    const [one, two] = await Promise.all([fleet.connect(chat[0], an), fleet.connect(chat[1], chi)])
    await two.entry(conv, Number((await say(one, 'Chào Chi'))['seq']))
    await fleet.call(api[1], 'DELETE', `${path}/${chi.id}`, undefined, an.token)
    await two.next(
      (frame) => frame.t === 'entry' && frame.conv === chi.id && frame.entries.at(-1)?.type === 'left',
    )
    const { seq } = await say(one, 'Chi đã đi')
    await one.entry(conv, Number(seq))
    await two.settle()
    expect(two.seqs.get(conv)).not.toContain(Number(seq))
    expect(await say(two, 'tôi còn đây')).toMatchObject({ t: 'err', code: 'not_found' })
  })

  test('a revoked login is closed wherever it is connected', async () => {
    const dung = await fleet.register(api[0], 'dung', 'Lê Dũng')
    const client = await fleet.connect(chat[1], dung)
    const { logins } = await fleet.call(api[1], 'GET', '/api/logins', undefined, dung.token)
    const [login] = logins as { id: string }[]
    await fleet.call(api[1], 'DELETE', `/api/logins/${login?.id}`, undefined, dung.token)
    expect((await client.closed).code).toBe(4401)
  })

  test('logs say which process speaks, and in which role', () => {
    const serving = [...api, ...chat].map(({ log }) => log.find(({ msg }) => msg === 'serving'))
    expect(serving.map((line) => line?.['role'])).toEqual(['api', 'api', 'chat', 'chat'])
    expect(new Set(serving.map((line) => line?.['node'])).size).toBe(4)
  })

  test(
    '[C7] [C13] with Redis dead people keep talking; with it back everything is as before',
    async () => {
      const [one, two] = await Promise.all([fleet.connect(chat[0], an), fleet.connect(chat[1], binh)])
      await fleet.redis.kill()
      const said: number[] = []
      for (let i = 0; i < 20; i++) {
        said.push(Number((await say(i % 2 === 0 ? one : two, `không có Redis ${i}`))['seq']))
        expect(await Promise.all([...api, ...chat].map((server) => server.status('/readyz')))).toEqual([
          200, 200, 200, 200,
        ])
        await Bun.sleep(200)
      }
      await Promise.all(said.flatMap((seq) => [one.entry(conv, seq), two.entry(conv, seq)]))
      const dung = await fleet.connect(chat[1], an)
      expect(dung.isOpen).toBe(true)
      await fleet.redis.start()
      await until(() => [...api, ...chat].every((server) => hasReconnected(server)))
      const began = performance.now()
      const { seq } = await say(one, 'Redis đã về')
      await two.entry(conv, Number(seq))
      expect(performance.now() - began).toBeLessThan(500)
      expect([...one.violations, ...two.violations]).toEqual([])
    },
    SLOW_MS,
  )

  test(
    'servers start without Redis, and are ready',
    async () => {
      await fleet.redis.kill()
      const [late, lateApi] = await Promise.all([fleet.serve('chat'), fleet.serve('api')])
      expect([await late.status('/readyz'), await lateApi.status('/readyz')]).toEqual([200, 200])
      const [one, two] = await Promise.all([fleet.connect(chat[0], an), fleet.connect(late, binh)])
      await two.entry(conv, Number((await say(one, 'ai cũng ở đây'))['seq']))
      await fleet.redis.start()
      await Promise.all([late.kill(), lateApi.kill()])
    },
    SLOW_MS,
  )

  test(
    'a store that nobody serves is named, and the exit code says: try again',
    async () => {
      const nowhere = fleet.serve('chat', { TAM_KV_URL: 'unix:///nowhere/kv' })
      const reason = await nowhere.catch((error: Error) => error.message)
      expect(reason).toStartWith('ended 75: ')
      expect(reason).toContain('unix:///nowhere/kv')
    },
    SLOW_MS,
  )

  test('a wrong password of Redis ends the start with its reason', async () => {
    await using guarded = await startRedis({ password: 'mật khẩu' })
    const settings = { TAM_REDIS_URL: `redis://:sai@${guarded.address}` }
    const reason = await fleet.serve('chat', settings).catch((error: Error) => error.message)
    expect(reason).toStartWith('ended 1: ')
    expect(reason).toContain('check the user name and password in TAM_REDIS_URL')
  })

  test(
    'a user of Redis without channels ends the start; an API server that loses them later says so',
    async () => {
      await using redis = await startRedis()
      const allow = (...rights: string[]) =>
        redis.command('ACL', 'SETUSER', 'tam', 'reset', 'on', '>x', '~*', '+@all', ...rights)
      await allow()
      const settings = { TAM_REDIS_URL: `redis://tam:x@${redis.address}` }
      const reason = await fleet.serve('api', settings).catch((error: Error) => error.message)
      expect(reason).toMatch(/^ended 1: [^]*NOPERM/)
      await allow('&tam*')
      const server = await fleet.serve('api', settings)
      const figure = async (name: string) => {
        const text = await (await fetch(`${server.url}/metrics`)).text()
        return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
      }
      await until(async () => (await figure('tam_bus_heard')) === 1)
      expect(await figure('tam_bus_publications_dropped')).toBe(0)
      await allow()
      await until(async () => (await figure('tam_bus_heard')) === 0)
      await until(async () => (await figure('tam_bus_publications_dropped')) > 0)
      expect(await server.status('/readyz')).toBe(200)
      await allow('&tam*')
      await until(async () => (await figure('tam_bus_heard')) === 1)
      await server.kill()
    },
    SLOW_MS,
  )

  test(
    'a chat server that is told to end sends its people away and loses nothing',
    async () => {
      const server = await fleet.serve('chat', { TAM_DRAIN_DELAY: '1' })
      const [one, two] = await Promise.all([fleet.connect(server, an), fleet.connect(chat[1], binh)])
      server.child.kill('SIGTERM')
      await until(async () => (await server.status('/readyz')) === 503)
      // Within the delay it serves newcomers still: a balancer may not know yet.
      const late = await fleet.connect(server, binh)
      const sent = say(one, 'trước khi đi')
      expect(await one.frame('drain')).toMatchObject({ afterMs: 5_000 })
      const { seq } = await sent
      await two.entry(conv, Number(seq))
      one.close()
      expect((await late.closed).code).toBe(4412)
      expect(await server.child.exited).toBe(0)
    },
    SLOW_MS,
  )

  test(
    'a newer version that would be misread ends the servers that run, and those that start',
    async () => {
      await fleet.kv.commit('server', { put: [{ key: 'format', value: '9' }] })
      const codes = await Promise.all([...api, ...chat].map((server) => server.ended()))
      expect(codes).toEqual([1, 1, 1, 1])
      expect(chat[0].said).toContain('a newer version has taken the store over')
      const again = await fleet.serve('chat').catch((error: Error) => error.message)
      expect(again).toMatch(/^ended 1: [^]*the store belongs to a newer version/)
    },
    SLOW_MS,
  )
})

/** Both of its connections are back: that to publish and to listen, and that of the cache. */
function hasReconnected({ log }: ServerUnderTest): boolean {
  const lost = log.findLastIndex(({ msg }) => msg === 'Redis cannot be reached; trying again')
  const back = log.slice(lost).filter(({ msg }) => msg === 'connected to Redis')
  return lost >= 0 && new Set(back.map(({ purpose }) => purpose)).size === 3
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) {
    await Bun.sleep(20)
  }
}

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { User } from '@tam/protocol'
import { must, seededRandom, systemRandom } from '@tam/util'
import { Api } from '../drill/api.ts'
import { check } from '../drill/checker/check.ts'
import { dumpOverSocket } from '../drill/final/api-dumps.ts'
import { dumpKv } from '../drill/final/kv-dump.ts'
import { Recorder } from '../drill/recorder.ts'
import { freePort } from '../drill/server-process.ts'
import { Workload } from '../drill/workload.ts'
import { createWorld } from '../drill/world.ts'
import { openSockets } from '../engines/balancers/sockets.ts'
import { Fleet } from './fleet.ts'
import { Listener } from './listener.ts'
import { parseOptions } from './options.ts'
import type { Role } from './role-server.ts'
import { startStore } from './store.ts'

test('the store is chosen by name, and what is not understood is said', () => {
  expect(parseOptions([])).toMatchObject({ store: { engine: 'cassandra', nodes: 1 }, port: 8_080 })
  expect(parseOptions(['--kv', '3']).store).toEqual({ engine: 'cassandra', nodes: 3 })
  expect(parseOptions(['--kv', 'sqlite', '--port', '9000'])).toMatchObject({
    store: { engine: 'sqlite' },
    port: 9_000,
  })
  for (const kv of ['2', 'constructor', '__proto__']) {
    expect(() => parseOptions(['--kv', kv])).toThrow(`--kv must be 1, 3 or sqlite, not ${kv}`)
  }
  expect(() => parseOptions(['--port', '80a'])).toThrow('--port')
})

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Even within 10 %. */
const isEven = (parts: readonly number[]) => {
  const whole = parts.reduce((sum, part) => sum + part, 0)
  return parts.every((part) => Math.abs(part - whole / parts.length) <= (whole / parts.length) * 0.1)
}

/** Process ids whose command line contains `text`. */
function processesOf(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
    } catch {
      return false
    }
  })
}

// It needs HAProxy and Redis: the full tier of `npm test` sets this.
if (process.env.TAM_TEST_FLEET === '1') {
  setDefaultTimeout(60_000)

  describe('a fleet that cannot start', () => {
    test('says that its port is in use, before it starts anything', async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as { port: number }
      const error = await Fleet.start({ store: { engine: 'sqlite' }, port }).catch(String)
      server.close()
      expect(error).toContain(`port ${port} is in use: stop what listens there`)
    })

    test("says that Cassandra's port is in use, and takes no stranger's store for its own", async () => {
      const server = createServer()
      // Whoever else holds the port serves as well.
      await new Promise<void>((resolve) =>
        server.once('error', () => resolve()).listen(9_042, '127.0.0.1', resolve),
      )
      const directory = mkdtempSync(join(tmpdir(), 'tam-fleet-test-'))
      const store = { engine: 'cassandra' as const, nodes: 1 as const }
      const error = await Fleet.start({ store, directory }).catch(String)
      server.close()
      expect(error).toContain(
        "Cassandra's port 9042 is in use: stop what listens there, or choose --kv sqlite",
      )
      expect(readdirSync(directory)).toEqual([])
      rmSync(directory, { recursive: true })
    })

    test('two at once in one directory: one owns the store, the other says so', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'tam-two-'))
      const outcomes = await Promise.allSettled(
        [1, 2].map(() => startStore({ engine: 'sqlite' }, { directory, isKept: true })),
      )
      const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      await Promise.all(started.map((store) => store[Symbol.asyncDispose]()))
      rmSync(directory, { recursive: true })
      expect(started).toHaveLength(1)
      const refused = outcomes.find((outcome) => outcome.status === 'rejected')
      expect(String(refused?.reason)).toContain('the store did not start: ')
    })

    test('stops everything, and says which server ended and why', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'tam-fleet-test-'))
      const program = join(directory, 'ends.ts')
      writeFileSync(program, `console.error('không chạy được'); process.exit(3)`)
      const options = { store: { engine: 'sqlite' as const }, directory, program: [program] }
      const error = await Fleet.start(options).catch(String)
      expect(error).toMatch(/(api|chat|presence|notify)-\d ended at its start:\nkhông chạy được/)
      expect(processesOf(directory)).toEqual([])
      rmSync(directory, { recursive: true })
    })
  })

  describe('a fleet', () => {
    let fleet: Fleet
    let api: Api
    beforeAll(async () => {
      fleet = await Fleet.start({ store: { engine: 'sqlite' }, env: { TAM_RATE_LIMIT_SCALE: '1000000' } })
      api = new Api(fleet.url)
    })
    afterAll(() => fleet[Symbol.asyncDispose]())

    const load = async (role: Role) => {
      const servers = await fleet.haproxy.servers()
      return servers.filter(({ backend }) => backend === role)
    }
    const until = async (isTrue: () => boolean | Promise<boolean>) => {
      while (!(await isTrue())) {
        await Bun.sleep(20)
      }
    }
    const isUp = (role: Role, name: string, up: boolean) =>
      fleet.haproxy.until((servers) =>
        servers.some((s) => s.backend === role && s.name === name && s.isUp === up),
      )

    test('API requests are spread evenly', async () => {
      const before = await load('api')
      const get = () => api.call('GET', '/api/me')
      for (let sent = 0; sent < 200; sent += 20) {
        const replies = await Promise.all(Array.from({ length: 20 }, get))
        expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 401))
      }
      const after = await load('api')
      const parts = after.map(({ total }, index) => total - (before[index]?.total ?? 0))
      expect({ parts, even: isEven(parts) }).toEqual({ parts, even: true })
    })

    test('connections are spread evenly', async () => {
      const sockets = await openSockets(fleet.haproxy.port, 60)
      const parts = (await load('chat')).map(({ current }) => current)
      expect({ parts, even: isEven(parts) }).toEqual({ parts, even: true })
      sockets.forEach((socket) => socket.close())
      await until(async () => (await load('chat')).every(({ current }) => current === 0))
    })

    test('a killed API server costs no request after its health check, and no GET at all', async () => {
      const statuses: number[] = []
      const run = { isOver: false }
      const reader = async () => {
        while (!run.isOver) {
          statuses.push((await api.call('GET', '/readyz')).status)
        }
      }
      const readers = [reader(), reader(), reader()]
      await until(() => statuses.length > 30)
      const killed = must(fleet.of('api')[0])
      await killed.process.kill()
      await isUp('api', 'api1', false)
      const posts = await Promise.all(
        Array.from({ length: 50 }, () => api.call('POST', '/api/login', { body: {} })),
      )
      expect(posts.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 400))
      run.isOver = true
      await Promise.all(readers)
      expect(statuses.filter((status) => status !== 200)).toEqual([])
      await killed.start()
      await isUp('api', 'api1', true)
    })

    test('a drained chat server costs no message and no visible error', async () => {
      await using talk = await startTalk(api, fleet, 6)
      await until(() => talk.acked > 100)
      const drained = must(fleet.of('chat')[0])
      await drained.process.stop()
      const ackedThen = talk.acked
      await until(() => talk.acked > ackedThen + 100)
      await talk.end()
      expect(talk.violations()).toEqual([])
      await drained.start()
      await isUp('chat', 'chat1', true)
    })

    test('a changed profile reaches the open clients of all chat servers within a second, by itself', async () => {
      const nhi = await api.register('nhi', 'Trần Yến Nhi', 'mật khẩu của nhi')
      const khoa = await api.register('khoa', 'Lê Đăng Khoa', 'mật khẩu của khoa')
      const group = { kind: 'group', title: 'Về Huế dịp Tết', memberIds: [khoa.user.id] }
      await api.createConversation(nhi.accessToken, group)
      const listeners = await Promise.all(
        fleet.of('chat').map(({ url }) => Listener.connect(url, khoa.accessToken)),
      )
      const change = async (path: string, init: RequestInit, isNew: (user: User) => boolean) => {
        const began = performance.now()
        const heard = listeners.map(async (listener) => {
          await listener.hears((frame) => frame.t === 'profile' && frame.users.some(isNew))
          return performance.now() - began
        })
        const authorization = `Bearer ${nhi.accessToken}`
        const headers = { ...(init.headers as Record<string, string>), authorization }
        const reply = await fetch(fleet.url + path, { ...init, headers })
        expect({ path, status: reply.status }).toEqual({ path, status: 200 })
        return Promise.all(heard)
      }
      const patch = (body: object) => ({
        method: 'PATCH',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      })
      const times = [
        await change('/api/me', patch({ name: 'Yến Nhi' }), ({ name }) => name === 'Yến Nhi'),
        await change('/api/me', patch({ status: 'Đang họp' }), ({ status }) => status === 'Đang họp'),
        await change(
          '/api/me/avatar',
          { method: 'PUT', body: PNG, headers: { 'content-type': 'image/png' } },
          ({ avatar }) => avatar !== null,
        ),
      ].flat()
      expect(listeners.length).toBeGreaterThanOrEqual(2)
      expect(Math.max(...times)).toBeLessThan(1_000)
      listeners.forEach((listener) => listener.close())
    })

    test('its directory is refused to a second fleet, which would share its store and not its Redis', async () => {
      const { directory } = fleet
      const second = await Fleet.start({ store: { engine: 'sqlite' }, directory }).catch(String)
      if (typeof second !== 'string') {
        await second[Symbol.asyncDispose]()
      }
      expect(second).toContain(
        `another fleet runs in ${directory}: stop it, or choose another with --directory`,
      )
      expect((await api.call('GET', '/readyz')).status).toBe(200)
    })

    test('an added chat server takes load at once', async () => {
      const sockets = await openSockets(fleet.haproxy.port, 20)
      const added = await fleet.add('chat')
      sockets.push(...(await openSockets(fleet.haproxy.port, 20)))
      expect(must((await load('chat')).at(-1)).current).toBeGreaterThanOrEqual(10)
      expect(await added.isReady()).toBe(true)
      sockets.forEach((socket) => socket.close())
    })
  })

  test('[Ctrl-C] stops all that it started and nothing else', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tam-fleet-test-'))
    const main = new URL('./main.ts', import.meta.url).pathname
    const port = String(await freePort(systemRandom))
    const command = [process.execPath, main, '--kv', 'sqlite', '--port', port, '--directory', directory]
    const fleet = Bun.spawn(command, { stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' })
    let output = ''
    for await (const chunk of fleet.stdout.pipeThrough(new TextDecoderStream())) {
      output += chunk
      if (chunk.includes('Stop: Ctrl+C')) {
        fleet.kill('SIGINT')
      }
    }
    expect(await fleet.exited).toBe(0)
    expect(output).toContain(`http://localhost:${port}`)
    expect(processesOf(directory)).toEqual([])
    rmSync(directory, { recursive: true })
  })
}

/** A few people who write to each other all the time, through HAProxy. */
async function startTalk(api: Api, { url, store }: Fleet, people: number) {
  const random = seededRandom(7)
  const recorder = new Recorder()
  const world = await createWorld(api, people, random)
  const socketUrl = `${url.replace('http', 'ws')}/ws`
  const workload = new Workload({ api, url: socketUrl, world, recorder, random, rate: 100 })
  workload.start()
  return {
    get acked() {
      return recorder.history.attempts.filter(({ outcome }) => outcome?.type === 'ok').length
    },
    async end() {
      workload.finish()
      while (workload.undecided > 0) {
        await Bun.sleep(20)
      }
      recorder.add({ type: 'nemesis', at: recorder.now(), mark: 'heal' })
      await Bun.sleep(500)
      workload.stop()
      const kv = await store.open()
      const logs = [...world.places.map(({ conv }) => conv), ...world.people.map(({ id }) => id)]
      await dumpKv(kv, logs, recorder)
      await kv.close()
      await dumpOverSocket(socketUrl, { places: world.places, recorder, node: 'socket' })
    },
    violations: () => [
      ...check(recorder.history.finish()).flatMap(({ id, examples }) =>
        examples.map((line) => `${id} ${line}`),
      ),
      ...recorder.history.attempts.flatMap(({ outcome }) =>
        outcome?.type === 'fail' && outcome.code !== 'cid_conflict' ? [`refused: ${outcome.code}`] : [],
      ),
    ],
    async [Symbol.asyncDispose]() {
      workload.stop()
    },
  }
}

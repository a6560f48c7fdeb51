import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { systemRandom } from '@tam/util'
import { TcpProxy } from '../drill/nemesis/tcp-proxy.ts'
import { freePort } from '../drill/server-process.ts'
import { type Haproxy, startHaproxy } from '../engines/haproxy/server.ts'
import { type RedisServer, startRedis } from '../engines/redis/server.ts'
import { ChildProcess } from './child-process.ts'
import { type Links, type Role, RoleServer, roles } from './role-server.ts'
import { type FleetStore, type StoreKind, startStore } from './store.ts'

const MAIN = new URL('../../packages/server/src/main.ts', import.meta.url).pathname

export interface FleetOptions {
  readonly store: StoreKind
  /** Kept over restarts; a temporary one when left out. */
  readonly directory?: string
  /** Where people connect; a free one when left out. */
  readonly port?: number
  /** Servers of each role, 2 when left out and at most 4. */
  readonly servers?: Partial<Record<Role, number>>
  /** A TCP proxy on every path: HAProxy to server, server to Redis, server to the process of the SQLite file. */
  readonly isProxied?: boolean
  /** Further settings of every server, by their names. */
  readonly env?: Readonly<Record<string, string>>
  /** Further environment of one server, by its name. */
  envOf?(name: string): Readonly<Record<string, string>>
  /** The servers' program and its arguments, when it is not `main.ts serve`. */
  readonly program?: readonly string[]
  /** Hears what is being started, in one line each. */
  say?(line: string): void
}

/**
 * The whole system on 127.0.0.1, every part a process of its own: Redis, the store, the servers of each role, HAProxy.
 * Ends by `await using`, or with the process that started it.
 */
export class Fleet implements AsyncDisposable {
  readonly directory: string
  readonly servers: RoleServer[] = []
  readonly #options: FleetOptions
  readonly #port: number
  readonly #parts = new AsyncDisposableStack()
  #redis: RedisServer | undefined
  #store: FleetStore | undefined
  #haproxy: Haproxy | undefined

  private constructor(options: FleetOptions, port: number) {
    this.#options = options
    this.#port = port
    this.directory = options.directory ?? mkdtempSync(join(tmpdir(), 'tam-fleet-'))
    if (options.directory === undefined) {
      this.#parts.defer(() => rmSync(this.directory, { recursive: true, force: true }))
    }
  }

  /** Resolves when HAProxy sends load to every server. @throws what went wrong, after everything has been stopped */
  static async start(options: FleetOptions): Promise<Fleet> {
    const port = options.port ?? (await freePort(systemRandom))
    await mustBeFree(port)
    const fleet = new Fleet(options, port)
    try {
      await fleet.#startAll()
      return fleet
    } catch (error) {
      await fleet[Symbol.asyncDispose]()
      throw error
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get redis(): RedisServer {
    return started(this.#redis)
  }

  get store(): FleetStore {
    return started(this.#store)
  }

  get haproxy(): Haproxy {
    return started(this.#haproxy)
  }

  /** @throws when there is none of that name */
  server(name: string): RoleServer {
    return started(this.servers.find((server) => server.name === name))
  }

  of(role: Role): RoleServer[] {
    return this.servers.filter((server) => server.role === role)
  }

  /** One server more, while everything runs; resolves when it takes load. */
  async add(role: Role): Promise<RoleServer> {
    const server = await this.#create(role)
    await server.start()
    if (role !== 'presence') {
      await this.haproxy.add(role, server.frontPort)
    }
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }

  async #startAll(): Promise<void> {
    const { store, directory, servers = {}, say = () => {} } = this.#options
    mkdirSync(this.directory, { recursive: true })
    say('Redis')
    this.#redis = this.#parts.use(await startRedis())
    say(
      store.engine === 'sqlite'
        ? 'SQLite'
        : `Cassandra, ${store.nodes} ${store.nodes === 1 ? 'node' : 'nodes'}`,
    )
    const place = { directory: this.directory, isKept: directory !== undefined }
    this.#store = this.#parts.use(await startStore(store, place))
    if (store.engine === 'cassandra') {
      await this.#migrate()
    }
    const counts = roles.map((role) => ({ role, count: servers[role] ?? 2 }))
    say(`servers: ${counts.map(({ role, count }) => `${count} ${role}`).join(', ')}`)
    this.#parts.defer(() => this.#stopServers())
    for (const { role, count } of counts) {
      for (let index = 0; index < count; index++) {
        await this.#create(role)
      }
    }
    await Promise.all(this.servers.map((server) => server.start()))
    say('HAProxy')
    this.#haproxy = this.#parts.use(await this.#balance())
  }

  /** Together: the drain of each takes a while. */
  async #stopServers(): Promise<void> {
    await Promise.all(this.servers.map((server) => server[Symbol.asyncDispose]()))
  }

  async #migrate(): Promise<void> {
    const migration = new ChildProcess({
      command: [process.execPath, MAIN, 'migrate'],
      env: { TAM_KV_URL: this.store.url },
    })
    if ((await migration.runToEnd()) !== 0) {
      throw new Error(`the tables could not be made: ${migration.log.trim()}`)
    }
  }

  /** A server that has its place and is not running yet. */
  async #create(role: Role): Promise<RoleServer> {
    const { env, envOf, program = [MAIN, 'serve'] } = this.#options
    const name = `${role}-${this.of(role).length + 1}`
    const port = await this.#freePort()
    const links = this.#options.isProxied === true ? await this.#link(name, port) : {}
    const server = new RoleServer({
      role,
      name,
      port,
      program,
      links,
      env: { ...this.#settings(links, name), ...env, ...envOf?.(name) },
    })
    this.servers.push(server)
    return server
  }

  async #link(name: string, port: number): Promise<Links> {
    const { store } = this
    return {
      front: await TcpProxy.listen({ port }),
      redis: await TcpProxy.listen({ port: this.redis.port }),
      ...(store.engine === 'sqlite'
        ? { store: await TcpProxy.listen({ path: store.path }, { path: this.#socketOf(name) }) }
        : {}),
    }
  }

  #settings({ redis, store }: Links, name: string): Record<string, string> {
    return {
      TAM_KV_URL: store === undefined ? this.store.url : `unix://${this.#socketOf(name)}`,
      TAM_REDIS_URL: redis === undefined ? this.redis.url : `redis://127.0.0.1:${redis.port}/0`,
      TAM_BLOBS_URL: pathToFileURL(join(this.directory, 'uploads')).href,
      TAM_DATA_DIR: this.directory,
      TAM_PUBLIC_URL: `http://localhost:${this.#port}`,
      TAM_TRUSTED_PROXIES: '127.0.0.1',
      TAM_LOG_LEVEL: 'warn',
    }
  }

  #socketOf(name: string): string {
    return join(this.directory, `${name}.sock`)
  }

  async #freePort(): Promise<number> {
    const taken = this.servers.map(({ port }) => port)
    for (;;) {
      const port = await freePort(systemRandom)
      if (!taken.includes(port) && port !== this.#port) {
        return port
      }
    }
  }

  async #balance(): Promise<Haproxy> {
    const ports = (role: Role) => this.of(role).map(({ frontPort }) => frontPort)
    const haproxy = await startHaproxy({
      port: this.#port,
      api: ports('api'),
      chat: ports('chat'),
      notify: ports('notify'),
    })
    await haproxy.until((servers) => servers.length > 0 && servers.every(({ isUp }) => isUp))
    return haproxy
  }
}

function started<T>(part: T | undefined): T {
  if (part === undefined) {
    throw new Error('the fleet has no such part, or has not started')
  }
  return part
}

/** HAProxy would say it last of all, after a minute's work. */
async function mustBeFree(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', () =>
      reject(new Error(`port ${port} is in use: stop what listens there, or choose another with --port`)),
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}

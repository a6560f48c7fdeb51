import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@tam/util'
import { type RedisServer, startRedis } from '../../../tools/engines/redis/server.ts'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import { serveKv } from '../src/ports/kv/kv.remote.server.ts'
import { ServerUnderTest } from './server-under-test.ts'
import { TestClient } from './test-client.ts'

const PUBLIC_URL = 'http://localhost:8080'
const HEADERS = { 'content-type': 'application/json', origin: PUBLIC_URL }

/** Somebody who is logged in. */
export interface Person {
  readonly id: string
  readonly token: string
}

/** Real processes over one store that this process serves, and one real Redis. */
export class Fleet implements AsyncDisposable {
  readonly redis: RedisServer
  readonly kv: MemoryKv
  readonly #folder: string
  readonly #store: AsyncDisposable
  readonly #servers: ServerUnderTest[] = []
  readonly #clients: TestClient[] = []

  private constructor(parts: { redis: RedisServer; kv: MemoryKv; folder: string; store: AsyncDisposable }) {
    this.redis = parts.redis
    this.kv = parts.kv
    this.#folder = parts.folder
    this.#store = parts.store
  }

  static async start(): Promise<Fleet> {
    const folder = mkdtempSync(join(tmpdir(), 'tam-fleet-'))
    const kv = new MemoryKv(systemClock)
    const store = await serveKv({ kv, path: join(folder, 'kv') })
    return new Fleet({ redis: await startRedis(), kv, folder, store })
  }

  /** One process; resolves when it is ready. */
  async serve(roles: string, settings: Record<string, string> = {}): Promise<ServerUnderTest> {
    const server = new ServerUnderTest(['serve', '--roles', roles], {
      TAM_KV_URL: `unix://${join(this.#folder, 'kv')}`,
      TAM_REDIS_URL: this.redis.url,
      TAM_BLOBS_URL: `file://${join(this.#folder, 'uploads')}`,
      TAM_PUBLIC_URL: PUBLIC_URL,
      ...settings,
    })
    this.#servers.push(server)
    await server.started()
    return server
  }

  async register(api: ServerUnderTest, username: string, name: string): Promise<Person> {
    const password = `mật khẩu của ${name}`
    const { user, accessToken } = await this.call(api, 'POST', '/api/register', { username, name, password })
    return { id: String((user as { id: string }).id), token: String(accessToken) }
  }

  /** The JSON of an answer. @throws for any status but 2xx */
  async call(
    api: ServerUnderTest,
    method: string,
    path: string,
    body?: object,
    token?: string,
  ): Promise<Record<string, unknown>> {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: { ...HEADERS, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`)
    }
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  }

  /** A connection that has synchronised. */
  async connect(chat: ServerUnderTest, { token }: Person): Promise<TestClient> {
    const client = await new TestClient(`${chat.url.replace('http', 'ws')}/ws`).opened()
    this.#clients.push(client)
    await client.auth(token)
    await client.sync()
    return client
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client[Symbol.asyncDispose]()))
    await Promise.all(this.#servers.map((server) => server.kill()))
    await this.#store[Symbol.asyncDispose]()
    await this.redis[Symbol.asyncDispose]()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

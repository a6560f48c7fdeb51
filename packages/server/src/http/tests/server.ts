import { type AccountsWorld, setUpAccounts } from '../../accounts/tests/setup.ts'
import type { FakeClock } from '../../accounts/tests/fake-clock.ts'
import { addressSet } from '../../config/addresses.ts'
import { publicAddress } from '../../config/public-address.ts'
import { MemoryCache } from '../../ports/cache/cache.memory.ts'
import { type Answer, createApi } from '../app.ts'
import type { Api } from '../context.ts'
import { addAccountRoutes } from '../routes/accounts.ts'
import { addSystemRoutes } from '../routes/system.ts'
import type { Site } from '../static.ts'

export interface ServerOptions {
  readonly publicUrl?: string
  readonly registration?: 'open' | 'closed'
  readonly rateLimitScale?: number
  readonly proxies?: readonly string[]
  readonly site?: Site
  /** Adds routes of the test's own. */
  readonly routes?: (api: Api) => void
}

export interface TestServer extends AccountsWorld {
  readonly api: Api
  readonly clock: FakeClock
  readonly answers: Answer[]
  readonly state: { ready: boolean }
  /** A browser, or another program, at an address of its own. */
  browser(peer?: string): Browser
}

/** The HTTP edge over engines in memory, without a port. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const world = await setUpAccounts()
  const address = publicAddress({ publicUrl: options.publicUrl }, 8_080)
  const cache = new MemoryCache({ clock: world.clock })
  const answers: Answer[] = []
  const state = { ready: true }
  const api = createApi({
    ...world,
    cache,
    address,
    log: { error: (details, message) => void world.logged.push({ details, message }) },
    rateLimitScale: options.rateLimitScale ?? 1,
    trustedProxies: addressSet(options.proxies ?? []),
    onAnswer: (answer) => void answers.push(answer),
    ...(options.site && { site: (request: Request) => options.site?.respond(request) }),
  })
  addAccountRoutes(api, {
    ...world,
    cache,
    cookie: address.cookie,
    registration: options.registration ?? 'open',
  })
  const metrics = { contentType: 'text/plain', metrics: async () => 'tam_up 1\n' }
  addSystemRoutes(api, { isReady: () => state.ready, metrics, url: address.url })
  options.routes?.(api)
  let peers = 0
  const browser = (peer = `203.0.113.${++peers}`) => new Browser(api, peer)
  return { ...world, api, answers, state, browser }
}

export interface Call {
  readonly method?: string
  readonly headers?: Record<string, string>
  /** Sent as JSON. */
  readonly json?: unknown
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  // What a test reads of an answer is checked by its expectations.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
}

/** Keeps the refresh cookie and the access token, as a client does. */
export class Browser {
  token: string | undefined
  cookie: string | undefined
  readonly #api: Api
  readonly #peer: string

  constructor(api: Api, peer: string) {
    this.#api = api
    this.#peer = peer
  }

  async call(
    path: string,
    { method, headers = {}, json, body = JSON.stringify(json) }: Call = {},
  ): Promise<Reply> {
    const response = await this.#api.request(
      path,
      {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
          ...(this.cookie !== undefined && { cookie: this.cookie }),
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body }),
      },
      { peer: this.#peer },
    )
    this.#keepCookie(response.headers.get('set-cookie'))
    return { status: response.status, headers: response.headers, body: await bodyOf(response) }
  }

  async register(fields: Record<string, unknown> = {}): Promise<Reply> {
    const username = `nguoi-${crypto.randomUUID().slice(0, 8)}`
    return this.#keepToken(
      await this.call('/api/register', { json: { username, password: 'mật khẩu dài', ...fields } }),
    )
  }

  async login(login: string, password = 'mật khẩu dài'): Promise<Reply> {
    return this.#keepToken(await this.call('/api/login', { json: { login, password } }))
  }

  async refresh(headers: Record<string, string> = {}): Promise<Reply> {
    return this.#keepToken(
      await this.call('/api/refresh', { method: 'POST', headers: { 'x-tam': '1', ...headers } }),
    )
  }

  #keepToken(reply: Reply): Reply {
    if (reply.status < 300) {
      this.token = reply.body.accessToken
    }
    return reply
  }

  #keepCookie(header: string | null): void {
    const [pair] = header?.split(';') ?? []
    if (pair !== undefined) {
      this.cookie = pair.endsWith('=') ? undefined : pair
    }
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text()
  return text !== '' && /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text
}

import type { Conversation, Message } from '@tam/protocol'
import { must } from '@tam/util'

/** One answer of the API: the status and the parsed body. */
export interface Reply<T> {
  readonly status: number
  readonly body: T
}

export interface SessionReply {
  readonly user: { readonly id: string }
  readonly accessToken: string
}

export interface MessagesPage {
  readonly messages: readonly Message[]
  readonly hasAfter: boolean
  readonly head: number
}

/** The HTTP calls that drills and benches make; deliberately not the SDK, which is among the things under test. */
export class Api {
  readonly origin: string

  constructor(origin: string) {
    this.origin = origin
  }

  register(username: string, name: string, password: string): Promise<SessionReply> {
    return this.#expect<SessionReply>(201, 'POST', '/api/register', { body: { username, name, password } })
  }

  login(username: string, password: string): Promise<SessionReply> {
    return this.#expect<SessionReply>(200, 'POST', '/api/login', { body: { login: username, password } })
  }

  /** The id of the login that `token` belongs to. */
  async currentLogin(token: string): Promise<string> {
    type Logins = { readonly logins: readonly { readonly id: string; readonly current: boolean }[] }
    const { logins } = await this.#expect<Logins>(200, 'GET', '/api/logins', { token })
    return must(logins.find(({ current }) => current)).id
  }

  async createConversation(token: string, body: object): Promise<string> {
    const reply = await this.call<{ conversation: Conversation }>('POST', '/api/conversations', {
      token,
      body,
    })
    if (reply.status !== 201 && reply.status !== 200) {
      throw new Error(`POST /api/conversations: ${reply.status} ${JSON.stringify(reply.body)}`)
    }
    return reply.body.conversation.id
  }

  /** A page of folded messages; `query` is one of before, after, around, with limit. */
  messages(token: string, conv: string, query: Record<string, number>): Promise<MessagesPage> {
    const search = new URLSearchParams(
      Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
    )
    return this.#expect<MessagesPage>(200, 'GET', `/api/conversations/${conv}/messages?${search}`, { token })
  }

  /** @throws {Error} only when there is no answer at all */
  async call<T>(
    method: string,
    path: string,
    options: { token?: string; body?: object } = {},
  ): Promise<Reply<T>> {
    const { token, body } = options
    const reply = await fetch(this.origin + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
    const text = await reply.text()
    return { status: reply.status, body: (text === '' ? {} : JSON.parse(text)) as T }
  }

  async #expect<T>(
    status: number,
    method: string,
    path: string,
    options: { token?: string; body?: object },
  ): Promise<T> {
    const reply = await this.call<T>(method, path, options)
    if (reply.status !== status) {
      throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`)
    }
    return reply.body
  }
}

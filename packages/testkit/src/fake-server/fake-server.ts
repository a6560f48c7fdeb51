import type { ConversationEntry, SendBody, UserEntry } from '@tam/protocol'
import { CLOSE, type CloseCode } from '@tam/protocol/close-code'
import { ACCESS_TOKEN_SECONDS, PAGE_MAX, SYNC_GAP_MAX } from '@tam/protocol/limits'
import { must, type Clock } from '@tam/util'
import type { SocketEnd } from '../socket-pair.ts'
import { answerHttp } from './fake-http.ts'
import { FakeSession } from './fake-session.ts'
import { FakeStore, type SendOutcome, type StoredConversation } from './fake-store.ts'

/** What becomes of a send: `unknown` stores it and hides that. */
export type Mood =
  | { readonly type: 'store' }
  | { readonly type: 'unknown' }
  | { readonly type: 'refuse'; readonly code: string; readonly retry: boolean }

export interface FakeServerOptions {
  epoch: string
  /** A larger gap is answered by `resync`. */
  gapMax: number
  pageMax: number
  /** Entries in one frame. */
  framesOf: number
  mood: (body: SendBody) => Mood
}

/** A server of tam.v1 in memory, just true enough to test clients: no limits, no passwords, no disk. */
export class FakeServer {
  readonly clock: Clock
  readonly store: FakeStore
  readonly options: FakeServerOptions
  /** Frames that no correct client sends. */
  readonly violations: string[] = []
  readonly #sessions = new Set<FakeSession>()
  readonly #tokens = new Map<string, string>()

  constructor(clock: Clock, options: Partial<FakeServerOptions> = {}) {
    this.clock = clock
    this.store = new FakeStore(clock)
    const defaults = { epoch: 'e1', gapMax: SYNC_GAP_MAX, pageMax: PAGE_MAX, framesOf: 64 }
    this.options = { ...defaults, mood: () => ({ type: 'store' }), ...options }
  }

  /** The server's side of a new connection. */
  accept(end: SocketEnd): void {
    this.#sessions.add(new FakeSession(this, end))
  }

  left(session: FakeSession): void {
    this.#sessions.delete(session)
  }

  /** Ends every connection; what is stored stays. */
  restart(code: CloseCode = CLOSE.draining): void {
    for (const session of this.#sessions) {
      session.close(code)
    }
  }

  /** The HTTP side, for `fetch`. */
  readonly fetch = async (url: string, init: RequestInit): Promise<Response> =>
    answerHttp(this, new URL(url), init)

  /** A new access token. */
  issue(user: string): { token: string; expiresIn: number } {
    const token = `token-${this.#tokens.size}`
    this.#tokens.set(token, user)
    return { token, expiresIn: ACCESS_TOKEN_SECONDS }
  }

  userOf(token: string): string | undefined {
    return this.#tokens.get(token)
  }

  /** Makes every token of `user` worthless and closes their connections. */
  revoke(user: string): void {
    for (const [token, owner] of this.#tokens) {
      if (owner === user) {
        this.#tokens.delete(token)
      }
    }
    this.#each([user], (session) => session.close(CLOSE.unauthenticated))
  }

  send(conversation: StoredConversation, user: string, body: SendBody): SendOutcome {
    const outcome = this.store.send(conversation, user, body)
    if (outcome.type === 'stored' && outcome.isNew) {
      this.#deliver(conversation, outcome.entry)
    }
    return outcome
  }

  addConversation(members: readonly string[], title?: string | null): StoredConversation {
    const conversation = this.store.addConversation(members, title)
    this.#tellOwnLog(members)
    return conversation
  }

  changeMember(conv: string, user: string, change: 'added' | 'removed', by: string): void {
    const conversation = must(this.store.conversations.get(conv))
    const before = [...conversation.members.keys()]
    const entry = this.store.changeMember(conv, user, change, by)
    if (entry !== undefined) {
      this.#each(before, (session) => session.push(conv, [entry]))
      this.#tellOwnLog([user])
    }
  }

  read(conv: string, user: string, seq: number, from: FakeSession): void {
    const conversation = this.store.find(conv, user)
    const moved = conversation && this.store.read(conversation, user, seq)
    if (conversation !== undefined && moved !== undefined) {
      this.#each([...conversation.members.keys()], (session) => {
        if (session !== from) {
          const own = session.user === user ? { unread: moved.unread } : {}
          session.tell({ t: 'read', conv, user, seq: moved.seq, ...own })
        }
      })
    }
  }

  typing(conv: string, user: string): void {
    const members = [...(this.store.find(conv, user)?.members.keys() ?? [])]
    this.#each(members, (session) => session.user !== user && session.tell({ t: 'typing', conv, user }))
  }

  /** Tells `user` that what is told once may have been lost. */
  tellMissed(user: string): void {
    this.#each([user], (session) => session.tell({ t: 'missed' }))
  }

  #deliver(conversation: StoredConversation, entry: ConversationEntry): void {
    this.#each([...conversation.members.keys()], (session) => session.push(conversation.id, [entry]))
  }

  #tellOwnLog(users: readonly string[]): void {
    for (const user of users) {
      const entry: UserEntry = must(this.store.userLog(user).at(-1))
      this.#each([user], (session) => session.push(user, [entry]))
    }
  }

  #each(users: readonly string[], run: (session: FakeSession) => void): void {
    for (const session of this.#sessions) {
      if (session.user !== undefined && users.includes(session.user)) {
        run(session)
      }
    }
  }
}

import type { Conversation } from '@tam/protocol'
import { Account } from './account.ts'
import type { ClientEvents, ConnectionState, ConversationHandle, Rest, TamClient } from './api.ts'
import { ConnectionManager } from './connection/connection-manager.ts'
import type { EnvironmentChange } from './connection/environment.ts'
import { webSocketTransport } from './connection/transport.websocket.ts'
import { dispatch } from './dispatch.ts'
import type { ClientOptions } from './options.ts'
import type { Readable } from './readable.ts'
import { authorized } from './rest/authorized.ts'
import { Http } from './rest/http.ts'
import { cookieFetch } from './session/cookie-fetch.ts'
import { memoryDeviceStore } from './session/device-store.memory.ts'
import { SessionManager } from './session/session.ts'
import { spread } from './spread.ts'
import { memoryStorage } from './storage/account-storage.memory.ts'
import { conversationList } from './store/conversation-list.ts'
import { Derived, sameList } from './store/observable.ts'
import type { PresenceStore } from './store/presence.ts'
import type { UsersDirectory } from './store/users-directory.ts'
import { createBase, createParts, type Base, type Links, type Parts } from './wiring.ts'

/**
 * A client of one server, for one person at a time.
 * @example
 * const client = createClient({ url: 'https://chat.example.org' })
 * await client.session.login({ login: 'bot', password })
 * client.on('message', ({ conversation, item }) => client.conversation(conversation).send(item.text))
 * client.start()
 */
export function createClient(options: ClientOptions): TamClient {
  return new Client(options)
}

class Client implements TamClient {
  readonly session: SessionManager
  readonly conversations: Derived<readonly Conversation[] | undefined>
  readonly former: Derived<readonly Conversation[]>
  readonly unsent: Derived<readonly string[]>
  readonly #base: Base
  readonly #parts: Parts
  readonly #http: Http
  readonly #connection: ConnectionManager
  readonly #account: Account
  readonly #forgetEnvironment: () => void
  #started = false

  constructor(options: ClientOptions) {
    this.#base = createBase(options)
    const { clock, environment, notifier, events } = this.#base
    this.#http = new Http({ url: options.url, fetch: options.fetch ?? cookieFetch(fetch), clock })
    this.session = this.#createSession(options)
    this.#connection = this.#createConnection(options)
    const links: Links = {
      session: this.session,
      connection: this.#connection,
      call: authorized(this.#http, this.session),
      onOutbox: () => this.unsent.invalidate(),
      onLogs: (change) => {
        this.conversations.invalidate()
        this.former.invalidate()
        spread(change, this.#parts)
      },
    }
    this.unsent = new Derived(notifier, (before) => sameList(before, this.#parts.outbox.conversations()))
    this.former = new Derived(notifier, (before) => sameList(before, this.#parts.logs.former()))
    this.#parts = createParts(this.#base, links)
    this.#account = new Account({
      ...this.#parts,
      open: options.storage ?? memoryStorage(),
      onError: (error) => events.failed(error, 'storage'),
    })
    this.conversations = conversationList(this.#parts.logs, notifier)
    this.#forgetEnvironment = environment.onChange((change) => this.#surroundings(change))
  }

  get connection(): Readable<ConnectionState> {
    return this.#connection.state
  }

  get users(): UsersDirectory {
    return this.#parts.users
  }

  get presence(): PresenceStore {
    return this.#parts.presence
  }

  get rest(): Rest {
    return this.#parts.rest
  }

  conversation(id: string): ConversationHandle {
    return this.#parts.handles.get(id)
  }

  on<K extends keyof ClientEvents>(event: K, listener: (detail: ClientEvents[K]) => void): () => void {
    return this.#base.events.on(event, listener)
  }

  start(): void {
    this.#started = true
    this.#connect()
  }

  async close(): Promise<void> {
    this.#started = false
    this.#forgetEnvironment()
    this.#connection.close()
    this.session.close()
    this.#parts.outbox.close()
    this.#parts.reads.clear()
    await this.#parts.cache.flush()
  }

  #createSession(options: ClientOptions): SessionManager {
    const { clock, random, tabs, notifier } = this.#base
    return new SessionManager({
      clock,
      random,
      tabs,
      notifier,
      http: this.#http,
      devices: options.devices ?? memoryDeviceStore(),
      listener: {
        signedIn: () => this.#connect(),
        signedOut: (wipe) => this.#signedOut(wipe),
        forget: (user) => this.#account.forget(user),
        renewed: (token) => this.#connection.renew(token),
      },
    })
  }

  #createConnection(options: ClientOptions): ConnectionManager {
    const { clock, random, environment, notifier, events } = this.#base
    return new ConnectionManager({
      clock,
      random,
      environment,
      notifier,
      open: options.transport ?? webSocketTransport(options.url),
      token: () => this.session.token(),
      refuse: (token) => this.session.refuse(token),
      device: () => this.session.deviceId(),
      sync: (hello) => this.#parts.sync.start(hello),
      onFrame: (frame) => dispatch(frame, this.#parts, this.#connection),
      onConnected: () => this.#onConnected(),
      onLost: () => this.#onLost(),
      onError: (error) => events.failed(error, 'connection'),
    })
  }

  #connect(): void {
    this.#open().catch((error: unknown) => this.#base.events.failed(error, 'account'))
  }

  /** Brings in what the device remembers of the person who is signed in, then connects when that is wanted. */
  async #open(): Promise<void> {
    const me = this.session.me()
    if (me !== undefined) {
      await this.#account.open(me.id, () => this.#connection.stop('idle'))
      if (this.#started && this.session.me()?.id === me.id) {
        this.#connection.start()
      }
    }
  }

  async #signedOut(wipe: boolean): Promise<void> {
    this.#connection.stop('signed-out')
    if (wipe) {
      await this.#account.wipe()
    }
  }

  #onConnected(): void {
    const { outbox, handles, presence, users, focus } = this.#parts
    outbox.setOnline(true)
    void outbox.adopt()
    handles.onConnected()
    presence.connected()
    users.revalidate()
    focus.connected()
  }

  #onLost(): void {
    const { outbox, requests, sync, recount, presence } = this.#parts
    outbox.setOnline(false)
    requests.failAll()
    sync.stop()
    recount.reset()
    presence.disconnected()
  }

  #surroundings(change: EnvironmentChange): void {
    const { focus, cache, outbox, reads } = this.#parts
    focus.report()
    if (change === 'hidden') {
      // The page may be killed without another word.
      reads.flush()
      void cache.flush()
    } else if (change === 'visible') {
      void outbox.adopt()
    }
  }
}

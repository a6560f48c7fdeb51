import type { Me, User } from '@tam/protocol'
import { type Clock, randomId, systemClock, systemRandom } from '@tam/util'
import pino from 'pino'
import type { Access } from '../src/access/access.ts'
import { createAccess } from '../src/access/create-access.ts'
import type { Claims } from '../src/accounts/claims.ts'
import type { Conversations } from '../src/conversations/conversations.ts'
import { createConversations } from '../src/conversations/create-conversations.ts'
import { createLog, type LogStore } from '../src/log/create-log.ts'
import { createMessages } from '../src/messages/create-messages.ts'
import { createReads } from '../src/messages/create-reads.ts'
import { EntryCache } from '../src/messages/entry-cache.ts'
import { LastMessages } from '../src/messages/last-message.ts'
import type { Messages } from '../src/messages/messages.ts'
import type { Reads } from '../src/messages/reads.ts'
import { Unread } from '../src/messages/unread.ts'
import { type Bus, topics } from '../src/ports/bus/bus.ts'
import { MemoryBus } from '../src/ports/bus/bus.memory.ts'
import { MemoryCache } from '../src/ports/cache/cache.memory.ts'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import type { Kv } from '../src/ports/kv/kv.ts'
import { publishEntries } from '../src/realtime/entry-feed.ts'
import type { Connection } from '../src/realtime/hub/state.ts'
import { createGateway, type Gateway } from '../src/realtime/listener.ts'
import { TestClient } from './test-client.ts'

export const ORIGIN = 'http://localhost:8080'
export const EPOCH = 'epoch-1'

export interface HarnessOptions {
  readonly clock?: Clock
  readonly kv?: Kv
  readonly bus?: Bus
  readonly rateLimitScale?: number
  readonly isStoreAlive?: () => boolean
  /** Stands between the committed entries and the bus. */
  readonly feed?: (publish: () => void) => void
}

/** One chat server over memory engines, with real sockets, and people who can log in without a password. */
export interface Harness extends AsyncDisposable {
  readonly url: string
  readonly gateway: Gateway
  readonly bus: Bus
  readonly kv: Kv
  readonly log: LogStore
  readonly access: Access
  readonly conversations: Conversations
  readonly messages: Messages
  readonly reads: Reads
  readonly logins: TestLogins
  /** A client after `hello`. */
  connect(user: string, options?: { readonly sid?: string }): Promise<TestClient>
  /** A client after `hello` and a sync of nothing: live in everything. */
  live(user: string, cursors?: Record<string, number>): Promise<TestClient>
  /** Stores a message without a socket. */
  say(user: string, conv: string, text: string): Promise<number>
  /** A group of these people; the first is the owner. */
  group(...users: string[]): Promise<string>
}

export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = options.clock ?? systemClock
  const random = systemRandom
  const kv = options.kv ?? new MemoryKv(clock)
  const bus = options.bus ?? new MemoryBus((error) => Promise.reject(error))
  const access = createAccess({ kv, clock })
  const feed = options.feed ?? ((publish) => publish())
  const log = createLog({
    kv,
    clock,
    random,
    onCommitted: (name, first, entries) => {
      access.onEntries(name, entries)
      feed(() => publishEntries(bus, name, first, entries))
    },
  })
  const entries = new EntryCache(log)
  const reads = createReads({ kv, clock, random, log, bus, access, unread: new Unread(entries) })
  const { conversations, directs } = createConversations({
    kv,
    clock,
    random,
    log,
    access,
    reads,
    lastMessages: new LastMessages(entries),
    people: { users: async (ids) => ids.map(profileOf) },
    publicUrl: ORIGIN,
  })
  const messages = createMessages({ kv, log, clock, random, access, directs, entries })
  const logins = new TestLogins(clock, bus)
  const gateway = createGateway({
    clock,
    random,
    logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    bus,
    cache: new MemoryCache({ clock }),
    log,
    tokens: logins,
    logins,
    profiles: { me: async (id) => meOf(id) },
    access,
    conversations,
    messages,
    reads,
    addressOf: (_, peer) => peer ?? 'unknown',
    isStoreAlive: options.isStoreAlive ?? (() => true),
    config: {
      node: 'node-1',
      epoch: EPOCH,
      origins: [ORIGIN],
      rateLimitScale: options.rateLimitScale ?? 1_000,
    },
  })
  const server = Bun.serve<Connection>({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, own) => gateway.upgrade(request, own),
    websocket: gateway.websocket,
  })
  await gateway.start()
  const url = `ws://127.0.0.1:${server.port}/ws`
  const clients: TestClient[] = []

  async function connect(user: string, { sid }: { readonly sid?: string } = {}): Promise<TestClient> {
    const client = await new TestClient(url).opened()
    clients.push(client)
    await client.auth(logins.token(user, sid))
    return client
  }

  return {
    url,
    gateway,
    bus,
    kv,
    log,
    access,
    conversations,
    messages,
    reads,
    logins,
    connect,
    async live(user, cursors = {}) {
      const client = await connect(user)
      await client.sync(cursors)
      await client.settle()
      return client
    },
    say: async (user, conv, text) => (await messages.send(user, conv, { cid: newCid(), text })).seq,
    async group(owner = 'an', ...memberIds) {
      return (await conversations.createGroup(owner, { title: 'Nhóm bạn', memberIds })).conversation.id
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) {
        client.terminate()
      }
      gateway.stop()
      await server.stop(true)
    },
  }
}

export function newCid(): string {
  return randomId(systemRandom, 22)
}

/** Logins and their tokens, in memory: `sid` may be chosen, and revoked as the real ones are. */
export class TestLogins {
  readonly #tokens = new Map<string, Claims>()
  readonly #revoked = new Set<string>()
  readonly #clock: Clock
  readonly #bus: Pick<Bus, 'publish'>
  #sids = 0
  /** Tokens are verified when it resolves. */
  gate: Promise<void> | undefined

  constructor(clock: Clock, bus: Pick<Bus, 'publish'>) {
    this.#clock = clock
    this.#bus = bus
  }

  /** An access token that lives `seconds`. */
  token(user: string, sid = `sid-${++this.#sids}`, seconds = 600): string {
    const token = randomId(systemRandom, 40)
    this.#tokens.set(token, { user, sid, exp: Math.floor(this.#clock.now() / 1_000) + seconds })
    return token
  }

  async verify(token: string): Promise<Claims | undefined> {
    await this.gate
    const claims = this.#tokens.get(token)
    return claims !== undefined && claims.exp > this.#clock.now() / 1_000 ? claims : undefined
  }

  verifyCached(): undefined {
    return undefined
  }

  async isActive(sid: string): Promise<boolean> {
    return !this.#revoked.has(sid)
  }

  revoke(user: string, sid: string): void {
    this.#revoked.add(sid)
    this.#bus.publish(topics.user(user), JSON.stringify({ t: 'revoke', sid }))
  }

  /** As another server would that this one cannot hear. */
  revokeSilently(sid: string): void {
    this.#revoked.add(sid)
  }
}

function profileOf(id: string): User {
  return { id, username: id, name: `Nguyễn ${id}`, avatar: null, bio: '', status: '' }
}

function meOf(id: string): Me {
  return { ...profileOf(id), email: null, locale: 'vi', createdAt: '2026-01-01T00:00:00.000Z' }
}

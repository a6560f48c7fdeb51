import { DEFAULT_PRESENCE, type Me, type PresenceSettings } from '@tam/protocol'
import { type Clock, randomId, systemClock, systemRandom } from '@tam/util'
import pino from 'pino'
import type { Logger } from '../src/observability/logger.ts'
import { MemoryBus } from '../src/ports/bus/bus.memory.ts'
import { type Bus, topics } from '../src/ports/bus/bus.ts'
import { MemoryCache } from '../src/ports/cache/cache.memory.ts'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import type { Cache } from '../src/ports/cache/cache.ts'
import type { Kv } from '../src/ports/kv/kv.ts'
import { startPresenceRole } from '../src/presence/role.ts'
import type { GatewayDeps } from '../src/realtime/deps.ts'
import type { Connection } from '../src/realtime/hub/state.ts'
import { createGateway, type Gateway } from '../src/realtime/listener.ts'
import { createDomain, type Domain } from './domain.ts'
import { TestClient } from './test-client.ts'
import { meOf, TestLogins } from './test-logins.ts'

export const ORIGIN = 'http://localhost:8080'
export const EPOCH = 'epoch-1'

export interface HarnessOptions {
  readonly clock?: Clock
  readonly kv?: Kv
  readonly bus?: Bus
  readonly rateLimitScale?: number
  readonly isStoreAlive?: () => boolean
  /** The bus may miss publications, as one between servers does. */
  readonly isLossy?: boolean
  /** Tells that the bus may have missed something; for a lossy one. */
  readonly discontinuities?: Set<() => void>
  /** The servers that tell how far logs are. */
  readonly servers?: GatewayDeps['servers']
  /** Stands between the committed entries and the bus. */
  readonly feed?: (publish: () => void) => void
  /** False leaves statuses unknown. */
  readonly presence?: boolean
}

/** One chat server and one presence server over memory engines, with real sockets, and people who can log in without a password. */
export interface Harness extends Domain, AsyncDisposable {
  readonly url: string
  readonly gateway: Gateway
  readonly bus: Bus
  readonly kv: Kv
  readonly logins: TestLogins
  /** A client after `hello`. */
  connect(user: string, options?: { readonly sid?: string }): Promise<TestClient>
  /** A client after `hello` and a sync of nothing: live in everything. */
  live(user: string, cursors?: Record<string, number>): Promise<TestClient>
  /** Stores a message without a socket. */
  say(user: string, conv: string, text: string): Promise<number>
  /** Settings of presence, by person; the defaults for the rest. */
  choose(user: string, settings: Partial<PresenceSettings>): void
  /** A group of these people; the first is the owner. */
  group(...users: string[]): Promise<string>
}

export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = options.clock ?? systemClock
  const kv = options.kv ?? new MemoryKv(clock)
  const bus = options.bus ?? newBus(options)
  const feed = options.feed ?? ((publish) => publish())
  const domain = createDomain({ clock, kv, bus, feed, publicUrl: ORIGIN })
  const logins = new TestLogins(clock, bus)
  const cache = new MemoryCache({ clock })
  const logger = pino({ level: process.env['TEST_LOG'] ?? 'silent' })
  const settings = new Map<string, PresenceSettings>()
  const me = (id: string) => ({ ...meOf(id), presence: settings.get(id) ?? DEFAULT_PRESENCE })
  const parts = { clock, bus, cache, kv, logger, random: systemRandom }
  const gateway = gatewayOf({ ...options, ...domain, ...parts, logins, me })
  const server = Bun.serve<Connection>({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request, own) => gateway.upgrade(request, own),
    websocket: gateway.websocket,
  })
  await gateway.start()
  const presence =
    options.presence === false
      ? undefined
      : await startPresenceRole({
          ...parts,
          graceMs: 0,
          factsOf: async (ids) =>
            new Map(ids.map((id) => [id, { settings: me(id).presence, createdAt: me(id).createdAt }])),
        })
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
    ...domain,
    logins,
    connect,
    async live(user, cursors = {}) {
      const client = await connect(user)
      await client.sync(cursors)
      await client.settle()
      return client
    },
    say: async (user, conv, text) => (await domain.messages.send(user, conv, { cid: newCid(), text })).seq,
    choose(user, chosen) {
      settings.set(user, { ...me(user).presence, ...chosen })
      bus.publish(topics.presenceSettings, user)
    },
    async group(owner = 'an', ...memberIds) {
      const group = { title: 'Nhóm bạn', memberIds }
      return (await domain.conversations.createGroup(owner, group)).conversation.id
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) {
        client.terminate()
      }
      gateway.stop()
      await presence?.stop()
      await server.stop(true)
    },
  }
}

interface GatewayOptions extends Domain, Pick<HarnessOptions, 'rateLimitScale' | 'isStoreAlive' | 'servers'> {
  readonly clock: Clock
  readonly bus: Bus
  readonly cache: Cache
  readonly logger: Logger
  readonly logins: TestLogins
  readonly me: (user: string) => Me
}

function gatewayOf(options: GatewayOptions): Gateway {
  const { logins, me, servers, ...rest } = options
  return createGateway({
    ...rest,
    logins,
    ...(servers && { servers }),
    random: systemRandom,
    tokens: logins,
    profiles: { me: async (id) => me(id) },
    addressOf: (_, peer) => peer ?? 'unknown',
    isStoreAlive: options.isStoreAlive ?? (() => true),
    config: {
      node: 'node-1',
      epoch: EPOCH,
      origins: [ORIGIN],
      rateLimitScale: options.rateLimitScale ?? 1_000,
    },
  })
}

function newBus({ isLossy = false, discontinuities = new Set() }: HarnessOptions): Bus {
  const bus = new MemoryBus(rethrow)
  return isLossy ? lossy(bus, discontinuities) : bus
}

/** Believed by nobody to carry everything. */
function lossy(bus: Bus, discontinuities: Set<() => void>): Bus {
  return {
    isLossless: false,
    dropped: 0,
    isConnected: true,
    publish: (topic, message) => bus.publish(topic, message),
    subscribe: (topic, handler) => bus.subscribe(topic, handler),
    unsubscribe: (topic, handler) => bus.unsubscribe(topic, handler),
    onDiscontinuity(listener) {
      discontinuities.add(listener)
      return () => discontinuities.delete(listener)
    },
    close: () => bus.close(),
  }
}

function rethrow(error: unknown): never {
  throw error
}

export function newCid(): string {
  return randomId(systemRandom, 22)
}

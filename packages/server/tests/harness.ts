import { type Clock, randomId, systemClock, systemRandom } from '@tam/util'
import pino from 'pino'
import { MemoryBus } from '../src/ports/bus/bus.memory.ts'
import type { Bus } from '../src/ports/bus/bus.ts'
import { MemoryCache } from '../src/ports/cache/cache.memory.ts'
import { MemoryKv } from '../src/ports/kv/kv.memory.ts'
import type { Kv } from '../src/ports/kv/kv.ts'
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
  /** Stands between the committed entries and the bus. */
  readonly feed?: (publish: () => void) => void
}

/** One chat server over memory engines, with real sockets, and people who can log in without a password. */
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
  /** A group of these people; the first is the owner. */
  group(...users: string[]): Promise<string>
}

export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = options.clock ?? systemClock
  const kv = options.kv ?? new MemoryKv(clock)
  const bus = options.bus ?? new MemoryBus(rethrow)
  const feed = options.feed ?? ((publish) => publish())
  const domain = createDomain({ clock, kv, bus, feed, publicUrl: ORIGIN })
  const logins = new TestLogins(clock, bus)
  const gateway = gatewayOf({ ...options, ...domain, clock, bus, logins })
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
    async group(owner = 'an', ...memberIds) {
      const group = { title: 'Nhóm bạn', memberIds }
      return (await domain.conversations.createGroup(owner, group)).conversation.id
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

type GatewayOptions = HarnessOptions &
  Domain & { readonly clock: Clock; readonly bus: Bus; readonly logins: TestLogins }

function gatewayOf(options: GatewayOptions): Gateway {
  const { clock, logins } = options
  return createGateway({
    ...options,
    random: systemRandom,
    logger: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    cache: new MemoryCache({ clock }),
    tokens: logins,
    profiles: { me: async (id) => meOf(id) },
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

function rethrow(error: unknown): never {
  throw error
}

export function newCid(): string {
  return randomId(systemRandom, 22)
}

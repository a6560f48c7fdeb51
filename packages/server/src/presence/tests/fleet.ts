import { DEFAULT_PRESENCE, type PresenceSettings } from '@tam/protocol'
import { FakeClock } from '@tam/testkit'
import { MemoryBus } from '../../ports/bus/bus.memory.ts'
import { type Bus, topics } from '../../ports/bus/bus.ts'
import { MemoryCache } from '../../ports/cache/cache.memory.ts'
import { type Cache, CacheUnavailable } from '../../ports/cache/cache.ts'
import { MemoryKv } from '../../ports/kv/kv.memory.ts'
import { LastSeen } from '../last-seen.ts'
import { PresenceServer } from '../presence-server.ts'
import { TestProcess } from './process.ts'
import { TestChat } from './test-chat.ts'

const STEP_MS = 100
const CREATED_AT = '2025-12-31T00:00:00.000Z'

/** What one process reaches the others by; tests cut it. */
export interface Wires {
  bus: boolean
}

/** Chat servers and presence servers on one Redis, on a clock of their own. */
export class Fleet {
  readonly clock = new FakeClock()
  readonly kv = new MemoryKv(this.clock)
  readonly settings = new Map<string, PresenceSettings>()
  /** Whether Redis is there, and whether its cache is. */
  isUp = true
  isCacheUp = true
  /** What is read is on its way until this resolves. */
  gate: Promise<void> | undefined
  /** Calls of the cache, and leases in them. */
  readonly calls = { hold: 0, held: 0, leases: 0 }
  readonly chats: TestChat[] = []
  readonly errors: unknown[] = []
  #cache = new MemoryCache({ clock: this.clock })
  readonly #bus = new MemoryBus((error) => void this.errors.push(error))
  #names = 0

  /** Redis forgets everything. */
  flush(): void {
    this.#cache = new MemoryCache({ clock: this.clock })
  }

  async chat(): Promise<TestChat> {
    const process = new TestProcess(this.clock)
    const node = `chat-${++this.#names}`
    const chat = new TestChat({ process, node, ...this.#engines(process, { bus: true }) })
    await chat.start()
    this.chats.push(chat)
    return chat
  }

  async server(options: { readonly graceMs?: number } = {}) {
    const process = new TestProcess(this.clock)
    const wires: Wires = { bus: true }
    const onError = (error: unknown) => void this.errors.push(error)
    const lastSeen = new LastSeen({ clock: process, kv: this.kv, onError })
    const server = new PresenceServer({
      ...options,
      ...this.#engines(process, wires),
      clock: process,
      id: `presence-${++this.#names}`,
      lastSeen,
      onError,
      factsOf: async (ids) =>
        new Map(ids.map((id) => [id, { settings: this.#settingsOf(id), createdAt: CREATED_AT }])),
    })
    lastSeen.start()
    await server.start()
    return { server, process, wires, kill: () => process.kill(), stop: () => server.stop() }
  }

  choose(user: string, settings: Partial<PresenceSettings>): void {
    this.settings.set(user, { ...this.#settingsOf(user), ...settings })
    this.#bus.publish(topics.presenceSettings, user)
  }

  publish(topic: string, message: string): void {
    this.#bus.publish(topic, message)
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= STEP_MS) {
      this.clock.advance(Math.min(left, STEP_MS))
      await settle()
    }
  }

  seenOf(user: string): Promise<number | undefined> {
    return this.kv.get(`user/${user}`, 'seen').then((row) => row && Number(row.value))
  }

  #settingsOf(user: string): PresenceSettings {
    return this.settings.get(user) ?? DEFAULT_PRESENCE
  }

  #engines(
    process: TestProcess,
    wires: Wires,
  ): {
    cache: Pick<Cache, 'hold' | 'held'>
    bus: Pick<Bus, 'publish' | 'subscribe' | 'unsubscribe'>
  } {
    const ask = () => {
      if (!this.isUp || !this.isCacheUp || process.isDead) {
        throw new CacheUnavailable('down')
      }
    }
    // A handler is known by its identity, here as there.
    const wired = new Map<unknown, (topic: string, message: string) => void>()
    return {
      cache: {
        hold: async (leases, ttlMs) => {
          ask()
          this.calls.hold++
          this.calls.leases += leases.length
          await this.#cache.hold(leases, ttlMs)
        },
        held: async (groups) => {
          ask()
          this.calls.held++
          const held = await this.#cache.held(groups)
          await this.gate
          return held
        },
      },
      bus: {
        publish: (topic, message) => {
          if (this.isUp && wires.bus && !process.isDead) {
            this.#bus.publish(topic, message)
          }
        },
        subscribe: (topic, handler) => {
          const hear =
            wired.get(handler) ??
            ((name: string, text: string) => wires.bus && process.run(() => handler(name, text)))
          wired.set(handler, hear as typeof handler)
          return this.#bus.subscribe(topic, hear as typeof handler)
        },
        unsubscribe: (topic, handler) => {
          const hear = wired.get(handler)
          if (hear !== undefined) {
            this.#bus.unsubscribe(topic, hear)
          }
        },
      },
    }
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

import type { Clock } from '@tam/util'
import { type Bus, topics } from '../ports/bus/bus.ts'
import type { Cache } from '../ports/cache/cache.ts'
import { CANARY_LOST_MS, SERVER_LEASE_MS } from './limits.ts'

const GROUP = 'presence/servers'
/** What a server says that takes its share. */
const WORKS = 'works'

export interface PeersDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly cache: Pick<Cache, 'hold' | 'held'>
  readonly bus: Pick<Bus, 'publish' | 'subscribe' | 'unsubscribe'>
  /** Name of this presence server, new at every start. */
  readonly id: string
}

/**
 * The presence servers that are there: each holds one lease. A server that does not hear
 * itself through the bus takes no share: one that nobody's questions reach leaves them to the others.
 */
export class Peers {
  readonly #deps: PeersDeps
  #heardAt = 0
  #known: readonly string[] = []

  constructor(deps: PeersDeps) {
    this.#deps = deps
  }

  /** As of the last refresh that succeeded. */
  get known(): readonly string[] {
    return this.#known
  }

  get isHeard(): boolean {
    return this.#deps.clock.monotonic() - this.#heardAt < CANARY_LOST_MS
  }

  async start(): Promise<void> {
    this.#heardAt = this.#deps.clock.monotonic()
    await this.#deps.bus.subscribe(topics.canary(this.#deps.id), this.#onCanary)
  }

  /** @throws when the cache cannot be asked */
  async refresh(): Promise<void> {
    const { cache, bus, id } = this.#deps
    bus.publish(topics.canary(id), '')
    const value = this.isHeard ? WORKS : ''
    await cache.hold([{ group: GROUP, holder: id, value }], SERVER_LEASE_MS)
    const [held = []] = await cache.held([GROUP])
    this.#known = held.filter((server) => server.value === WORKS).map(({ holder }) => holder)
  }

  /** Leaves at once what this server has to the others. */
  async leave(): Promise<void> {
    this.#deps.bus.unsubscribe(topics.canary(this.#deps.id), this.#onCanary)
    await this.#deps.cache.hold([{ group: GROUP, holder: this.#deps.id, value: '' }], SERVER_LEASE_MS)
  }

  readonly #onCanary = (): void => {
    this.#heardAt = this.#deps.clock.monotonic()
  }
}

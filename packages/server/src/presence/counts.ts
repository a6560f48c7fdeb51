import type { OnlineCount } from '@tam/protocol'
import type { Cancel, Clock } from '@tam/util'
import type { Cache } from '../ports/cache/cache.ts'
import { COUNT_LEASE_MS, COUNT_MS, COUNT_SOON_MS, COUNTED_MAX } from './limits.ts'

/** Conversations that somebody wants counted: what each chat server names. */
const WANTED = 'presence/wanted'

export interface CountsDeps {
  readonly clock: Clock
  readonly cache: Pick<Cache, 'hold' | 'held'>
  readonly node: string
  /** Conversations that somebody here wants counted. */
  readonly wanted: () => Set<string>
  /** How many people of the conversation are online here and show it; undefined when nobody of it is here. */
  readonly onlineHere: (conv: string) => number | undefined
  readonly onCounts: (counts: readonly OnlineCount[]) => void
}

/**
 * How many people of large conversations are online. Every chat server says which conversations somebody has on screen
 * there, and how many people it has itself of those that anybody named: a few calls of the cache each round, however
 * large the conversations are. A person with devices on two servers counts for both.
 */
export class Counts {
  readonly #deps: CountsDeps
  #cancel: Cancel | undefined
  #isSoon = false

  constructor(deps: CountsDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#cancel = this.#deps.clock.every(COUNT_MS, () => void this.#round())
  }

  stop(): void {
    this.#cancel?.()
  }

  /** Somebody wants one more: does not wait for the next round. */
  soon(): void {
    if (!this.#isSoon) {
      this.#isSoon = true
      this.#deps.clock.after(COUNT_SOON_MS, () => {
        this.#isSoon = false
        void this.#round()
      })
    }
  }

  // What cannot be asked now is asked in the next round; watchers know how old their count is.
  async #round(): Promise<void> {
    try {
      const own = [...this.#deps.wanted()].slice(0, COUNTED_MAX)
      await this.#tellOwn(await this.#share(own))
      this.#deps.onCounts(await this.#sums(own))
    } catch {}
  }

  /** Names what is wanted here. @returns what is wanted anywhere */
  async #share(own: readonly string[]): Promise<Set<string>> {
    const { cache, node } = this.#deps
    if (own.length > 0) {
      await cache.hold([{ group: WANTED, holder: node, value: own.join(' ') }], COUNT_LEASE_MS)
    }
    const [held = []] = await cache.held([WANTED])
    return new Set(held.flatMap(({ value }) => value.split(' ')))
  }

  async #tellOwn(wanted: Iterable<string>): Promise<void> {
    const { cache, node, onlineHere } = this.#deps
    const leases = [...wanted].flatMap((conv) => {
      const online = onlineHere(conv)
      return online === undefined ? [] : [{ group: groupOf(conv), holder: node, value: String(online) }]
    })
    if (leases.length > 0) {
      await cache.hold(leases, COUNT_MS * 2)
    }
  }

  async #sums(convs: readonly string[]): Promise<OnlineCount[]> {
    const held = convs.length === 0 ? [] : await this.#deps.cache.held(convs.map(groupOf))
    const asOf = new Date(this.#deps.clock.now()).toISOString()
    return convs.map((id, i) => ({
      id,
      online: (held[i] ?? []).reduce((sum, { value }) => sum + Number(value), 0),
      asOf,
    }))
  }
}

function groupOf(conv: string): string {
  return `presence/count/${conv}`
}

import type { Clock } from '@tam/util'
import {
  type Cache,
  CacheUnavailable,
  type CacheValue,
  type HeldLease,
  type Lease,
  type Rate,
} from './cache.ts'

/** Entries of each kind (values, buckets); past it the oldest written vanish first. */
export const CACHE_ENTRIES_MAX = 100_000
/** Groups of leases; a lease in one more is refused, CacheUnavailable. */
export const LEASE_GROUPS_MAX = 100_000

interface CachedValue {
  readonly value: string
  readonly expiresAt: number
}

export interface MemoryCacheOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly entriesMax?: number
}

/** The cache of one process. */
export class MemoryCache implements Cache {
  readonly isAnswering = true
  readonly #values = new Map<string, CachedValue>()
  /** GCRA: the theoretical arrival time of the next token, by bucket. */
  readonly #arrivals = new Map<string, number>()
  readonly #groups = new Map<string, Map<string, CachedValue>>()
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #entriesMax: number

  constructor({ clock, entriesMax = CACHE_ENTRIES_MAX }: MemoryCacheOptions) {
    this.#clock = clock
    this.#entriesMax = entriesMax
  }

  async get(key: string): Promise<string | undefined> {
    const cached = this.#values.get(key)
    if (cached === undefined) {
      return undefined
    }
    if (cached.expiresAt <= this.#clock.monotonic()) {
      this.#values.delete(key)
      return undefined
    }
    return cached.value
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    setNewest(this.#values, key, { value, expiresAt: this.#clock.monotonic() + ttlMs }, this.#entriesMax)
  }

  getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    return Promise.all(keys.map((key) => this.get(key)))
  }

  async setMany(values: readonly CacheValue[], ttlMs: number): Promise<void> {
    for (const { key, value } of values) {
      await this.set(key, value, ttlMs)
    }
  }

  async delete(key: string): Promise<void> {
    this.#values.delete(key)
  }

  async take(key: string, rate: Rate, cost = 1): Promise<number> {
    const now = this.#clock.monotonic()
    const perToken = rate.periodMs / rate.count
    const arrival = Math.max(this.#arrivals.get(key) ?? now, now)
    const next = arrival + cost * perToken
    const waitMs = next - rate.burst * perToken - now
    if (waitMs > 0) {
      return Math.ceil(waitMs)
    }
    setNewest(this.#arrivals, key, next, this.#entriesMax)
    return 0
  }

  async hold(leases: readonly Lease[], ttlMs: number): Promise<void> {
    const expiresAt = this.#clock.monotonic() + ttlMs
    for (const { group, holder, value } of leases) {
      this.#groupOf(group).set(holder, { value, expiresAt })
    }
  }

  async held(groups: readonly string[]): Promise<HeldLease[][]> {
    return groups.map((group) => this.#held(group))
  }

  async close(): Promise<void> {
    this.#values.clear()
    this.#arrivals.clear()
    this.#groups.clear()
  }

  #groupOf(name: string): Map<string, CachedValue> {
    const known = this.#groups.get(name)
    if (known !== undefined) {
      return known
    }
    if (this.#groups.size >= LEASE_GROUPS_MAX) {
      void this.held([...this.#groups.keys()])
    }
    if (this.#groups.size >= LEASE_GROUPS_MAX) {
      throw new CacheUnavailable('there are too many groups of leases')
    }
    const group = new Map<string, CachedValue>()
    this.#groups.set(name, group)
    return group
  }

  /** Forgets what has ended on the way. */
  #held(name: string): HeldLease[] {
    const group = this.#groups.get(name)
    const now = this.#clock.monotonic()
    const held: HeldLease[] = []
    for (const [holder, { value, expiresAt }] of group ?? []) {
      if (expiresAt > now) {
        held.push({ holder, value })
      } else {
        group?.delete(holder)
      }
    }
    if (group?.size === 0) {
      this.#groups.delete(name)
    }
    return held
  }
}

/** Sets `key` as the newest of `map` and drops the oldest past `max`. */
function setNewest<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > max) {
    const [oldest] = map.keys()
    map.delete(oldest as string)
  }
}

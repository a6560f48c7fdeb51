import type { Clock } from '@tam/util'
import type { Cache, CacheValue, Rate } from './cache.ts'

/** Entries of each kind (values, buckets); past it the oldest written vanish first. */
export const CACHE_ENTRIES_MAX = 100_000

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
  readonly #values = new Map<string, CachedValue>()
  /** GCRA: the theoretical arrival time of the next token, by bucket. */
  readonly #arrivals = new Map<string, number>()
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

  async close(): Promise<void> {
    this.#values.clear()
    this.#arrivals.clear()
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

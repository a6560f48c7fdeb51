import type { Clock } from '@tam/util'
import {
  type Cache,
  CacheUnavailable,
  type CacheValue,
  type HeldLease,
  type Lease,
  type Rate,
} from './cache.ts'

/** From a failure of the shared cache until one call tries it again. */
export const FALLBACK_MS = 1_000

export interface FallbackCacheOptions {
  /** Rejects with CacheUnavailable while it cannot be asked. Is closed by its owner. */
  readonly shared: Cache
  /** The cache of this process. */
  readonly local: Cache
  readonly clock: Pick<Clock, 'monotonic'>
  /** Hears every change between the two. */
  readonly onChange: (isLocal: boolean) => void
}

/**
 * The shared cache, or that of this process while the shared one cannot be asked. For callers to whom a value of
 * another server that is forgotten is harmless, such as rate limits: they stay, per server. Who must know that
 * nothing is known (presence) asks the shared cache itself.
 */
export class FallbackCache implements Cache {
  readonly #options: FallbackCacheOptions
  #isLocal = false
  /** Monotonic time of the next try. */
  #tryAt = 0

  constructor(options: FallbackCacheOptions) {
    this.#options = options
  }

  get isAnswering(): boolean {
    return this.#options.shared.isAnswering
  }

  get(key: string): Promise<string | undefined> {
    return this.#call((cache) => cache.get(key))
  }

  getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    return this.#call((cache) => cache.getMany(keys))
  }

  set(key: string, value: string, ttlMs: number): Promise<void> {
    return this.#call((cache) => cache.set(key, value, ttlMs))
  }

  setMany(values: readonly CacheValue[], ttlMs: number): Promise<void> {
    return this.#call((cache) => cache.setMany(values, ttlMs))
  }

  delete(key: string): Promise<void> {
    return this.#call((cache) => cache.delete(key))
  }

  take(key: string, rate: Rate, cost?: number): Promise<number> {
    return this.#call((cache) => cache.take(key, rate, cost))
  }

  /** Never local: leases of one server alone would say that nobody else has any. */
  hold(leases: readonly Lease[], ttlMs: number): Promise<void> {
    return this.#options.shared.hold(leases, ttlMs)
  }

  held(groups: readonly string[]): Promise<HeldLease[][]> {
    return this.#options.shared.held(groups)
  }

  close(): Promise<void> {
    return this.#options.local.close()
  }

  async #call<Result>(work: (cache: Cache) => Promise<Result>): Promise<Result> {
    const { shared, local, clock } = this.#options
    if (this.#isLocal) {
      if (clock.monotonic() < this.#tryAt) {
        return work(local)
      }
      // One call tries; those that come while it waits do not.
      this.#tryAt = clock.monotonic() + FALLBACK_MS
    }
    try {
      const result = await work(shared)
      this.#become(false)
      return result
    } catch (error) {
      if (!(error instanceof CacheUnavailable)) {
        throw error
      }
      this.#tryAt = clock.monotonic() + FALLBACK_MS
      this.#become(true)
      return work(local)
    }
  }

  #become(isLocal: boolean): void {
    if (this.#isLocal !== isLocal) {
      this.#isLocal = isLocal
      this.#options.onChange(isLocal)
    }
  }
}

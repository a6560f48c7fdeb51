/**
 * Values that may vanish at any moment; nothing is decided by them that cannot be decided again from kv.
 * Every call may reject with CacheUnavailable, soon.
 */
export interface Cache {
  /** Whether the last call was answered. */
  readonly isAnswering: boolean
  get(key: string): Promise<string | undefined>
  /** Like `get` for many keys at once, in the order asked. */
  getMany(keys: readonly string[]): Promise<(string | undefined)[]>
  set(key: string, value: string, ttlMs: number): Promise<void>
  /** Like `set` for many values at once; when it fails, some may be set. */
  setMany(values: readonly CacheValue[], ttlMs: number): Promise<void>
  delete(key: string): Promise<void>
  /**
   * One token of a GCRA bucket.
   * @returns 0 when granted, else milliseconds until the next one
   */
  take(key: string, rate: Rate, cost?: number): Promise<number>
  /**
   * Takes or renews each lease for `ttlMs`. A lease is named by its group and holder and ends by itself. When the call
   * fails, some may be held.
   */
  hold(leases: readonly Lease[], ttlMs: number): Promise<void>
  /** The leases of each group that have not ended, in the order asked; within a group in no order. */
  held(groups: readonly string[]): Promise<HeldLease[][]>
  close(): Promise<void>
}

/** `count` per `periodMs`, up to `burst` at once. */
export interface Rate {
  readonly count: number
  readonly periodMs: number
  readonly burst: number
}

export interface CacheValue {
  readonly key: string
  readonly value: string
}

/** What one holder says in a group of many. */
export interface Lease extends HeldLease {
  readonly group: string
}

export interface HeldLease {
  readonly holder: string
  readonly value: string
}

/** The cache cannot be asked now. A write may have happened. */
export class CacheUnavailable extends Error {
  override name = 'CacheUnavailable'
}

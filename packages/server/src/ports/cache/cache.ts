/** Values that may vanish at any moment; nothing is decided by them that cannot be decided again from kv. */
export interface Cache {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttlMs: number): Promise<void>
  delete(key: string): Promise<void>
  /**
   * One token of a GCRA bucket.
   * @returns 0 when granted, else milliseconds until the next one
   */
  take(key: string, rate: Rate, cost?: number): Promise<number>
  close(): Promise<void>
}

/** `count` per `periodMs`, up to `burst` at once. */
export interface Rate {
  readonly count: number
  readonly periodMs: number
  readonly burst: number
}

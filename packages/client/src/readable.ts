/** A value that changes; `get` returns the same reference until it does, as `useSyncExternalStore` asks. */
export interface Readable<T> {
  get(): T
  /** Calls `listener` after each change. Returns the unsubscribe function. */
  subscribe(listener: () => void): () => void
}

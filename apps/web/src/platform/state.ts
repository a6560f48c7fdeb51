import type { Readable } from '@tam/client'

/** A `Readable` that its owner may change: the one kind of shared UI state. */
export interface State<T> extends Readable<T> {
  set(value: T): void
  update(change: (value: T) => T): void
}

/** Listeners are called synchronously, once per real change (`Object.is`). */
export function createState<T>(initial: T): State<T> {
  let value = initial
  const listeners = new Set<() => void>()
  const set = (next: T): void => {
    if (Object.is(next, value)) {
      return
    }
    value = next
    for (const listener of listeners) {
      listener()
    }
  }
  return {
    get: () => value,
    set,
    update: (change) => set(change(value)),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

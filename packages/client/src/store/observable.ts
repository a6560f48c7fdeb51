import type { Readable } from '../readable.ts'

/** Runs `flush` once, soon; asked again only after it ran. Browsers give an animation frame, others a microtask. */
export interface Scheduler {
  schedule(flush: () => void): void
}

export const microtaskScheduler: Scheduler = { schedule: (flush) => queueMicrotask(flush) }

type Listener = () => void

/** Collects what changed and tells the listeners together, so that a burst of entries costs one paint. */
export class Notifier {
  readonly #scheduler: Scheduler
  readonly #onError: (error: unknown) => void
  readonly #changed = new Set<Signal>()

  constructor(scheduler: Scheduler, onError: (error: unknown) => void) {
    this.#scheduler = scheduler
    this.#onError = onError
  }

  add(signal: Signal): void {
    if (this.#changed.size === 0) {
      this.#scheduler.schedule(() => this.flush())
    }
    this.#changed.add(signal)
  }

  /** Tells every listener of everything that changed since the last flush. */
  flush(): void {
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const signal of changed) {
      for (const listener of signal.listeners()) {
        this.#call(listener)
      }
    }
  }

  #call(listener: Listener): void {
    try {
      listener()
    } catch (error) {
      this.#onError(error)
    }
  }
}

/** Something that changes and can be listened to. */
export class Signal {
  readonly #notifier: Notifier
  readonly #listeners = new Set<Listener>()

  constructor(notifier: Notifier) {
    this.#notifier = notifier
  }

  /** The same function subscribed twice is called twice and leaves one by one. */
  subscribe(listener: Listener): () => void {
    const own = () => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  changed(): void {
    if (this.#listeners.size > 0) {
      this.#notifier.add(this)
    }
  }

  listeners(): readonly Listener[] {
    return [...this.#listeners]
  }
}

/** A value that is set. */
export class Value<T> implements Readable<T> {
  readonly #signal: Signal
  #value: T

  constructor(notifier: Notifier, initial: T) {
    this.#signal = new Signal(notifier)
    this.#value = initial
  }

  get(): T {
    return this.#value
  }

  set(value: T): void {
    if (!Object.is(value, this.#value)) {
      this.#value = value
      this.#signal.changed()
    }
  }

  subscribe(listener: Listener): () => void {
    return this.#signal.subscribe(listener)
  }
}

/** A value computed from others, again only when it is read after `invalidate`. */
export class Derived<T> implements Readable<T> {
  readonly #signal: Signal
  readonly #compute: (previous: T | undefined) => T
  #value: T | undefined
  #stale = true

  constructor(notifier: Notifier, compute: (previous: T | undefined) => T) {
    this.#signal = new Signal(notifier)
    this.#compute = compute
  }

  get(): T {
    if (this.#stale) {
      this.#value = this.#compute(this.#value)
      this.#stale = false
    }
    return this.#value as T
  }

  invalidate(): void {
    this.#stale = true
    this.#signal.changed()
  }

  subscribe(listener: Listener): () => void {
    return this.#signal.subscribe(listener)
  }
}

/** `before` if it holds the same things in the same order: then nothing has changed. */
export function sameList<T>(before: readonly T[] | undefined, now: readonly T[]): readonly T[] {
  const same = before?.length === now.length && now.every((one, index) => one === before[index])
  return same ? before : now
}

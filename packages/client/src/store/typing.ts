import type { Cancel, Clock } from '@tam/util'
import { Value, type Notifier } from './observable.ts'

/** Milliseconds after which a typing notice is forgotten. */
export const TYPING_EXPIRY_MS = 6_000
/** Milliseconds between one's own notices. */
export const TYPING_INTERVAL_MS = 3_000
/** People shown as typing in one conversation at most; more are not told apart. */
const TYPISTS_MAX = 50

/** Who types in one conversation, oneself included towards the others. */
export class Typing {
  readonly ids: Value<readonly string[]>
  readonly #clock: Clock
  readonly #send: () => void
  readonly #typists = new Map<string, Cancel>()
  #sentAt = -Infinity

  constructor(options: { clock: Clock; notifier: Notifier; send: () => void }) {
    this.#clock = options.clock
    this.#send = options.send
    this.ids = new Value<readonly string[]>(options.notifier, [])
  }

  /** Tells the others, at most every 3 s. */
  notify(): void {
    const now = this.#clock.monotonic()
    if (now - this.#sentAt >= TYPING_INTERVAL_MS) {
      this.#sentAt = now
      this.#send()
    }
  }

  /** One's own message went out: the next key is news again. */
  sent(): void {
    this.#sentAt = -Infinity
  }

  heard(user: string): void {
    if (!this.#typists.has(user) && this.#typists.size >= TYPISTS_MAX) {
      return
    }
    this.#typists.get(user)?.()
    this.#typists.set(
      user,
      this.#clock.after(TYPING_EXPIRY_MS, () => this.stopped(user)),
    )
    this.#publish()
  }

  /** Their message came, or no notice for a while. */
  stopped(user: string): void {
    this.#typists.get(user)?.()
    if (this.#typists.delete(user)) {
      this.#publish()
    }
  }

  clear(): void {
    for (const user of this.#typists.keys()) {
      this.stopped(user)
    }
  }

  #publish(): void {
    const ids = [...this.#typists.keys()]
    const before = this.ids.get()
    if (ids.length !== before.length || ids.some((id, index) => id !== before[index])) {
      this.ids.set(ids)
    }
  }
}

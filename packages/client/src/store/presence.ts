import type { Presence } from '@tam/protocol'
import { WATCH_MAX } from '@tam/protocol/limits'
import type { Cancel, Clock } from '@tam/util'
import type { PresenceWatch } from '../api.ts'
import { Value, type Notifier } from './observable.ts'

/** Milliseconds in which changes of the watched set are collected into one frame. */
const COLLECT_MS = 100
/** Milliseconds without a connection after which nobody's presence is known any more. */
export const PRESENCE_EXPIRY_MS = 35_000

export interface PresenceDependencies {
  readonly notifier: Notifier
  readonly clock: Clock
  /** Replaces the watched set; a no-op without a connection. */
  readonly send: (users: string[]) => void
}

/** Online or not, of the people on screen. */
export class PresenceStore implements PresenceWatch {
  readonly states: Value<ReadonlyMap<string, Presence>>
  readonly #deps: PresenceDependencies
  readonly #watchers = new Map<string, number>()
  /** A frame with the changed set is due. */
  #collecting = false
  #expiring: Cancel | undefined

  constructor(dependencies: PresenceDependencies) {
    this.#deps = dependencies
    this.states = new Value<ReadonlyMap<string, Presence>>(dependencies.notifier, new Map())
  }

  watch(ids: readonly string[]): () => void {
    const watched = [...new Set(ids)]
    this.#count(watched, 1)
    let released = false
    return () => {
      if (!released) {
        released = true
        this.#count(watched, -1)
      }
    }
  }

  told(users: readonly Presence[]): void {
    const states = new Map(this.states.get())
    for (const user of users) {
      states.set(user.id, user)
    }
    this.states.set(states)
  }

  connected(): void {
    this.#expiring?.()
    this.#expiring = undefined
    this.#sendWatched()
  }

  disconnected(): void {
    this.#expiring ??= this.#deps.clock.after(PRESENCE_EXPIRY_MS, () => this.clear())
  }

  clear(): void {
    this.states.set(new Map())
  }

  #count(ids: readonly string[], by: number): void {
    for (const id of ids) {
      const count = (this.#watchers.get(id) ?? 0) + by
      if (count > 0) {
        this.#watchers.set(id, count)
      } else {
        this.#watchers.delete(id)
      }
    }
    if (!this.#collecting) {
      this.#collecting = true
      this.#deps.clock.after(COLLECT_MS, () => {
        this.#collecting = false
        this.#sendWatched()
      })
    }
  }

  #sendWatched(): void {
    // Those watched last are the ones on screen.
    const users = [...this.#watchers.keys()].slice(-WATCH_MAX)
    this.#deps.send(users)
    const watched = new Set(users)
    const states = new Map([...this.states.get()].filter(([id]) => watched.has(id)))
    if (states.size !== this.states.get().size) {
      this.states.set(states)
    }
  }
}

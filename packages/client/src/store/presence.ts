import type { OnlineCount, Presence } from '@tam/protocol'
import { WATCH_CONVS_MAX, WATCH_MAX } from '@tam/protocol/limits'
import type { Cancel, Clock } from '@tam/util'
import type { PresenceWatch } from '../api.ts'
import { Value, type Notifier } from './observable.ts'

/** Milliseconds in which changes of the watched set are collected into one frame. */
const COLLECT_MS = 100
/** Milliseconds without a connection after which nobody's presence is known any more; as long as others know one's own. */
export const PRESENCE_EXPIRY_MS = 10_000

export interface PresenceDependencies {
  readonly notifier: Notifier
  readonly clock: Clock
  /** Replaces what is watched; a no-op without a connection. */
  readonly send: (users: string[], convs: string[]) => void
}

/** Who is online, of the people on screen, and how many, of the conversations on screen. */
export class PresenceStore implements PresenceWatch {
  readonly states: Value<ReadonlyMap<string, Presence>>
  readonly counts: Value<ReadonlyMap<string, OnlineCount>>
  readonly #deps: PresenceDependencies
  /** How many watch each. */
  readonly #people = new Map<string, number>()
  readonly #convs = new Map<string, number>()
  /** A frame with the changed set is due. */
  #collecting = false
  #expiring: Cancel | undefined

  constructor(dependencies: PresenceDependencies) {
    this.#deps = dependencies
    this.states = new Value<ReadonlyMap<string, Presence>>(dependencies.notifier, new Map())
    this.counts = new Value<ReadonlyMap<string, OnlineCount>>(dependencies.notifier, new Map())
  }

  watch(people: readonly string[], convs: readonly string[] = []): () => void {
    const change = (by: number) => {
      count(this.#people, people, by)
      count(this.#convs, convs, by)
      this.#changed()
    }
    change(1)
    let released = false
    return () => {
      if (!released) {
        released = true
        change(-1)
      }
    }
  }

  told(users: readonly Presence[], counts: readonly OnlineCount[] = []): void {
    add(this.states, users)
    add(this.counts, counts)
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
    this.counts.set(new Map())
  }

  #changed(): void {
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
    const users = [...this.#people.keys()].slice(-WATCH_MAX)
    this.#deps.send(users, [...this.#convs.keys()].slice(-WATCH_CONVS_MAX))
    const watched = new Set(users)
    this.states.set(new Map([...this.states.get()].filter(([id]) => watched.has(id))))
  }
}

function count(watchers: Map<string, number>, ids: readonly string[], by: number): void {
  for (const id of new Set(ids)) {
    const watching = (watchers.get(id) ?? 0) + by
    if (watching > 0) {
      watchers.set(id, watching)
    } else {
      watchers.delete(id)
    }
  }
}

function add<T extends { readonly id: string }>(
  value: Value<ReadonlyMap<string, T>>,
  told: readonly T[],
): void {
  if (told.length > 0) {
    value.set(new Map([...value.get(), ...told.map((one) => [one.id, one] as const)]))
  }
}

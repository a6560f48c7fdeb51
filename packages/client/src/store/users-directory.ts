import type { User } from '@tam/protocol'
import { USER_IDS_MAX } from '@tam/protocol/limits'
import type { Clock } from '@tam/util'
import type { Users } from '../api.ts'
import { Signal, type Notifier } from './observable.ts'

/** People remembered at one time; the ones remembered first leave first. */
export const PEOPLE_MAX = 5_000
/** Milliseconds in which requests for people are collected into one call. */
const COLLECT_MS = 20

export interface UsersDependencies {
  readonly notifier: Notifier
  readonly clock: Clock
  /** At most USER_IDS_MAX ids. */
  readonly fetch: (ids: readonly string[]) => Promise<User[]>
  readonly onChange: (users: readonly User[]) => void
}

/** Everybody the client has met. */
export class UsersDirectory implements Users {
  readonly #deps: UsersDependencies
  readonly #signal: Signal
  readonly #people = new Map<string, User>()
  /** Asked for since `revalidate`, answered or not: nobody is asked for twice without a reason. */
  readonly #asked = new Set<string>()
  readonly #wanted = new Set<string>()
  /** Told of while a call was under way: its answer may be from before. */
  readonly #told = new Set<string>()
  #collecting = false
  #version = 0

  constructor(dependencies: UsersDependencies) {
    this.#deps = dependencies
    this.#signal = new Signal(dependencies.notifier)
  }

  get(id: string): User | undefined {
    if (!this.#asked.has(id)) {
      this.#asked.add(id)
      this.#wanted.add(id)
      this.#collect()
    }
    return this.#people.get(id)
  }

  subscribe(listener: () => void): () => void {
    return this.#signal.subscribe(listener)
  }

  version(): number {
    return this.#version
  }

  remember(users: readonly User[]): void {
    for (const user of users) {
      this.#asked.add(user.id)
      if (this.#collecting) {
        this.#told.add(user.id)
      }
    }
    this.#keep(users)
  }

  /** People from the cache: shown at once, asked for anew when somebody looks at them. */
  load(users: readonly User[]): void {
    for (const user of users) {
      this.#people.set(user.id, user)
    }
    for (const id of this.#people.keys()) {
      if (this.#people.size <= PEOPLE_MAX) {
        break
      }
      this.#people.delete(id)
      this.#asked.delete(id)
    }
    this.#version++
    this.#signal.changed()
  }

  /**
   * What changed may have been missed, as changes are told once: whoever is on screen is asked for anew, the others
   * when somebody looks at them again.
   */
  revalidate(): void {
    this.#asked.clear()
    this.#version++
    this.#signal.changed()
    this.#collect()
  }

  clear(): void {
    this.#people.clear()
    this.#asked.clear()
    this.#wanted.clear()
    this.load([])
  }

  #collect(): void {
    if (this.#collecting || this.#wanted.size === 0) {
      return
    }
    this.#collecting = true
    this.#deps.clock.after(COLLECT_MS, () => void this.#fetch())
  }

  /** What cannot be had now stays wanted until the next `revalidate`. */
  async #fetch(): Promise<void> {
    const ids = [...this.#wanted].slice(0, USER_IDS_MAX)
    for (const id of ids) {
      this.#wanted.delete(id)
    }
    const users = await this.#deps.fetch(ids).catch(() => undefined)
    this.#collecting = false
    const told = new Set(this.#told)
    this.#told.clear()
    if (users === undefined) {
      for (const id of ids) {
        this.#wanted.add(id)
      }
      return
    }
    this.#keep(users.filter(({ id }) => !told.has(id)))
    this.#collect()
  }

  #keep(users: readonly User[]): void {
    this.load(users)
    this.#deps.onChange(users)
  }
}

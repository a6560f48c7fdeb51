import type { User } from '@tam/protocol'
import type { Cancel, Clock } from '@tam/util'
import type { ConversationState } from '../sync/state.ts'
import type { CacheChange, CacheStore } from './cache-store.ts'

/** Milliseconds between writes: what a crash loses in them is synced again. */
export const WRITE_INTERVAL_MS = 500

export interface CacheWriterDependencies {
  readonly clock: Clock
  readonly state: (conv: string) => ConversationState | undefined
  readonly account: () => CacheChange['account']
  readonly onError: (error: unknown) => void
}

/** Brings changes of the stores to the cache, together and not for each entry. */
export class CacheWriter {
  readonly #deps: CacheWriterDependencies
  readonly #conversations = new Set<string>()
  readonly #people = new Map<string, User>()
  #store: Promise<CacheStore> | undefined
  #timer: Cancel | undefined
  /** Writes happen one after the other. */
  #writing: Promise<void> = Promise.resolve()

  constructor(dependencies: CacheWriterDependencies) {
    this.#deps = dependencies
  }

  open(store: Promise<CacheStore>): void {
    this.#store = store
  }

  changed(conv: string): void {
    this.#conversations.add(conv)
    this.#schedule()
  }

  met(users: readonly User[]): void {
    for (const user of users) {
      this.#people.set(user.id, user)
    }
    this.#schedule()
  }

  /** Writes what is due now. */
  flush(): Promise<void> {
    this.#timer?.()
    this.#timer = undefined
    const store = this.#store
    if (store !== undefined && this.#conversations.size + this.#people.size > 0) {
      const change = this.#take()
      this.#writing = this.#writing
        .then(async () => (await store).write(change))
        .catch((error: unknown) => this.#deps.onError(error))
    }
    return this.#writing
  }

  /** Stops writing for this account; `wipe` also removes what was written. */
  async reset(wipe: boolean): Promise<void> {
    const store = this.#store
    if (!wipe) {
      await this.flush()
    }
    this.#timer?.()
    this.#timer = undefined
    this.#store = undefined
    this.#conversations.clear()
    this.#people.clear()
    await this.#writing
    if (wipe) {
      await (await store)?.clear()
    }
  }

  #schedule(): void {
    if (this.#store !== undefined) {
      this.#timer ??= this.#deps.clock.after(WRITE_INTERVAL_MS, () => void this.flush())
    }
  }

  #take(): CacheChange {
    const put: ConversationState[] = []
    const remove: string[] = []
    for (const conv of this.#conversations) {
      const state = this.#deps.state(conv)
      if (state === undefined) {
        remove.push(conv)
      } else {
        put.push(state)
      }
    }
    const change = { account: this.#deps.account(), put, remove, people: [...this.#people.values()] }
    this.#conversations.clear()
    this.#people.clear()
    return change
  }
}

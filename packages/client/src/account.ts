import type { CacheChange } from './cache/cache-store.ts'
import type { CacheWriter } from './cache/cache-writer.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { AccountStorage, OpenAccountStorage } from './storage/account-storage.ts'
import type { RecentlyOpened } from './store/recently-opened.ts'
import type { UsersDirectory } from './store/users-directory.ts'
import type { Logs } from './sync/logs.ts'
import type { Sync } from './sync/sync.ts'

export interface AccountDependencies {
  readonly open: OpenAccountStorage
  readonly logs: Logs
  readonly sync: Sync
  readonly outbox: Outbox
  readonly cache: CacheWriter
  readonly users: UsersDirectory
  readonly recent: RecentlyOpened
  readonly onError: (error: unknown) => void
}

/** Brings the data of the person who is signed in from the device into the stores, and away again. */
export class Account {
  readonly #deps: AccountDependencies
  #user: string | undefined
  #opening: Promise<void> = Promise.resolve()

  constructor(dependencies: AccountDependencies) {
    this.#deps = dependencies
  }

  /**
   * Resolves when what the device remembers of `user` is in the stores.
   * @param onOther called first when somebody else's data has to go
   */
  open(user: string, onOther: () => void): Promise<void> {
    if (user !== this.#user) {
      const before = this.#user
      this.#user = user
      onOther()
      this.#opening = this.#change(this.#opening, before, user)
    }
    return this.#opening
  }

  /** Removes everything of the account from memory and device. */
  wipe(): Promise<void> {
    this.#user = undefined
    this.#opening = this.#opening
      .then(() => this.#leave(true))
      .catch((error: unknown) => this.#deps.onError(error))
    return this.#opening
  }

  /** Removes everything of somebody who is not signed in from the device. */
  forget(user: string): Promise<void> {
    this.#opening = this.#opening
      .then(() => this.#erase(user))
      .catch((error: unknown) => this.#deps.onError(error))
    return this.#opening
  }

  async #erase(user: string): Promise<void> {
    if (user !== this.#user) {
      const { cache, outbox } = await this.#deps.open(user)
      await Promise.all([cache.clear(), outbox.clear()])
    }
  }

  async #change(ready: Promise<void>, before: string | undefined, user: string): Promise<void> {
    await ready
    if (before !== undefined) {
      await this.#leave(true)
    }
    await this.#enter(user)
  }

  async #enter(user: string): Promise<void> {
    const { open, logs, outbox, cache, users, recent, onError } = this.#deps
    const storage: Promise<AccountStorage> = open(user)
    cache.open(storage.then((opened) => opened.cache))
    const sending = outbox.open(storage.then((opened) => opened.outbox))
    const cached = await storage
      .then((opened) => opened.cache.load())
      .catch((error: unknown) => {
        // Without a cache the client starts from what the server says.
        onError(error)
        return undefined
      })
    recent.load(cached?.recent ?? [])
    users.load(cached?.people ?? [])
    logs.load(user, cached)
    await sending
  }

  async #leave(wipe: boolean): Promise<void> {
    const { logs, sync, outbox, cache, users, recent } = this.#deps
    sync.forget()
    await Promise.all([cache.reset(wipe), outbox.reset(wipe)])
    recent.load([])
    users.clear()
    logs.clear()
  }
}

/** What the cache keeps beside conversations and people. */
export function accountFacts(logs: Logs, recent: RecentlyOpened): CacheChange['account'] {
  return {
    recent: recent.list,
    former: logs.former(),
    ...(logs.epoch !== undefined && { epoch: logs.epoch }),
    ...(logs.userCursor !== undefined && { userCursor: logs.userCursor }),
  }
}

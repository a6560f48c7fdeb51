import type { CacheStore } from '../cache/cache-store.ts'
import { memoryCacheStore } from '../cache/cache-store.memory.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import { memoryOutboxStore } from '../outbox/outbox-store.memory.ts'

/** What one account keeps on the device. */
export interface AccountStorage {
  readonly outbox: OutboxStore
  readonly cache: CacheStore
}

/** Opens the storage of the account of a user id. */
export type OpenAccountStorage = (user: string) => Promise<AccountStorage>

/** Lives as long as the process. */
export function memoryStorage(): OpenAccountStorage {
  const accounts = new Map<string, AccountStorage>()
  return async (user) => {
    const storage = accounts.get(user) ?? { outbox: memoryOutboxStore(), cache: memoryCacheStore() }
    accounts.set(user, storage)
    return storage
  }
}

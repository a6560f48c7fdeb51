import { memoryCacheStore } from '../cache/cache-store.memory.ts'
import { memoryOutboxStore } from '../outbox/outbox-store.memory.ts'
import type { AccountStorage, OpenAccountStorage } from './account-storage.ts'

/** Lives as long as the process. */
export function memoryStorage(): OpenAccountStorage {
  const accounts = new Map<string, AccountStorage>()
  return async (user) => {
    const storage = accounts.get(user) ?? { outbox: memoryOutboxStore(), cache: memoryCacheStore() }
    accounts.set(user, storage)
    return storage
  }
}

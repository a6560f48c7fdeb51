import type { CacheStore } from '../cache/cache-store.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'

/** What one account keeps on the device. */
export interface AccountStorage {
  readonly outbox: OutboxStore
  readonly cache: CacheStore
}

/** Opens the storage of the account of a user id. */
export type OpenAccountStorage = (user: string) => Promise<AccountStorage>

import type { User } from '@tam/protocol'
import type { DBSchema, IDBPDatabase } from 'idb'
import type { CacheChange, CacheStore } from '../cache/cache-store.ts'
import type { OutboxRecord } from '../outbox/outbox-item.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'
import type { ConversationState } from '../sync/state.ts'
import type { OpenAccountStorage } from './account-storage.ts'
import { openDatabase } from './open-database.ts'
import { journalled, localNotes } from './outbox-journal.ts'

interface AccountSchema extends DBSchema {
  outbox: { key: string; value: OutboxRecord }
  conversations: { key: string; value: ConversationState }
  people: { key: string; value: User }
  account: { key: 'facts'; value: CacheChange['account'] }
}

type Database = IDBPDatabase<AccountSchema>

/** A database per account, shared by the tabs of a browser profile. */
export const indexedDbStorage: OpenAccountStorage = async (user) => {
  const database = await openDatabase<AccountSchema>(`tam-${user}`, {
    upgrade(created) {
      created.createObjectStore('outbox', { keyPath: 'cid' })
      created.createObjectStore('conversations', { keyPath: 'summary.id' })
      created.createObjectStore('people', { keyPath: 'id' })
      created.createObjectStore('account')
    },
    // A newer version in another tab waits for this one to let go.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  })
  return { outbox: journalled(outboxIn(database), user, localNotes()), cache: cacheIn(database) }
}

function outboxIn(database: Database): OutboxStore {
  return {
    async put(record) {
      // Strict: the message is on disk, not only on its way there, before its first byte leaves.
      const transaction = database.transaction('outbox', 'readwrite', { durability: 'strict' })
      await Promise.all([transaction.store.put(record), transaction.done])
    },
    remove: (cid) => database.delete('outbox', cid),
    async claim(owner, alive) {
      const transaction = database.transaction('outbox', 'readwrite')
      const records = await transaction.store.getAll()
      const orphans = records.filter((record) => record.owner !== owner && !alive?.has(record.owner))
      const claimed = orphans.map((record) => ({ ...record, owner }))
      await Promise.all([...claimed.map((record) => transaction.store.put(record)), transaction.done])
      return claimed
    },
    clear: () => database.clear('outbox'),
  }
}

function cacheIn(database: Database): CacheStore {
  return {
    async load() {
      const transaction = database.transaction(['account', 'conversations', 'people'])
      const [facts, states, people] = await Promise.all([
        transaction.objectStore('account').get('facts'),
        transaction.objectStore('conversations').getAll(),
        transaction.objectStore('people').getAll(),
      ])
      return facts && { ...facts, states, people }
    },
    async write({ account, put, remove, people }) {
      const transaction = database.transaction(['account', 'conversations', 'people'], 'readwrite')
      const conversations = transaction.objectStore('conversations')
      await Promise.all([
        transaction.objectStore('account').put(account, 'facts'),
        ...put.map((state) => conversations.put(state)),
        ...remove.map((conv) => conversations.delete(conv)),
        ...people.map((user) => transaction.objectStore('people').put(user)),
        transaction.done,
      ])
    },
    async clear() {
      const transaction = database.transaction(['account', 'conversations', 'people'], 'readwrite')
      await Promise.all([
        transaction.objectStore('account').clear(),
        transaction.objectStore('conversations').clear(),
        transaction.objectStore('people').clear(),
        transaction.done,
      ])
    },
  }
}

import type { OutboxRecord } from '../outbox/outbox-item.ts'
import type { OutboxStore } from '../outbox/outbox-store.ts'

/** The part of `localStorage` that is used: it writes before the call returns. */
export type Notes = Pick<Storage, 'length' | 'key' | 'getItem' | 'setItem' | 'removeItem'>

/**
 * Notes each message of `user` until `store` has it: a page that is reloaded right after Enter may end before an
 * asynchronous store began to write. What an ended page has noted goes into the store at the next claim.
 */
export function journalled(store: OutboxStore, user: string, notes: Notes | undefined): OutboxStore {
  if (notes === undefined) {
    return store
  }
  const prefix = `tam-outbox/${user}/`
  const keys = () =>
    Array.from({ length: notes.length }, (_, index) => notes.key(index) ?? '').filter((key) =>
      key.startsWith(prefix),
    )
  return {
    async put(record) {
      note(notes, prefix + record.cid, record)
      await store.put(record)
      notes.removeItem(prefix + record.cid)
    },
    async remove(cid) {
      notes.removeItem(prefix + cid)
      await store.remove(cid)
    },
    async claim(owner, alive) {
      for (const key of keys()) {
        const record = noted(notes, key)
        if (record === undefined || (record.owner !== owner && !alive?.has(record.owner))) {
          await (record && store.put(record))
          notes.removeItem(key)
        }
      }
      return store.claim(owner, alive)
    },
    async clear() {
      keys().forEach((key) => notes.removeItem(key))
      await store.clear()
    },
  }
}

/** Where the browser allows it; a policy may forbid even the question. */
export function localNotes(): Notes | undefined {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}

// A full device has no room for notes; the store will say so itself.
function note(notes: Notes, key: string, record: OutboxRecord): void {
  try {
    notes.setItem(key, JSON.stringify(record))
  } catch {}
}

function noted(notes: Notes, key: string): OutboxRecord | undefined {
  try {
    return JSON.parse(notes.getItem(key) ?? '') as OutboxRecord
  } catch {
    return undefined
  }
}

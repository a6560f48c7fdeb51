import { openDatabase } from '@tam/client/browser'
import type { IDBPDatabase } from 'idb'
import { parseDraft, type Draft } from './drafts.logic.ts'

export interface DraftChange {
  readonly conversation: string
  /** Undefined removes it. */
  readonly draft: Draft | undefined
}

/** Where drafts outlive the page. Nothing here throws: without storage a draft lasts for the visit. */
export interface DraftStorage {
  load(user: string): Promise<readonly (readonly [conversation: string, draft: Draft])[]>
  save(user: string, changes: readonly DraftChange[]): Promise<void>
  /** Removes every draft of `user`. */
  erase(user: string): Promise<void>
  /** Removes every draft of everybody but `user`. */
  eraseOthers(user: string): Promise<void>
}

const STORE = 'drafts'

/** Drafts in IndexedDB `tam-drafts`, keyed by user and conversation. */
export function createDraftStorage(): DraftStorage {
  const opening: Promise<IDBPDatabase | undefined> = openDatabase('tam-drafts', {
    upgrade: (db) => void db.createObjectStore(STORE),
  }).catch(() => undefined)
  const attempt = async <T>(work: (db: IDBPDatabase) => Promise<T>, otherwise: T): Promise<T> => {
    const db = await opening
    try {
      return db === undefined ? otherwise : await work(db)
    } catch {
      // A full or failing disk must not stop anybody from writing.
      return otherwise
    }
  }
  return {
    load: (user) => attempt((db) => loadAll(db, user), []),
    save: (user, changes) => attempt((db) => saveAll(db, user, changes), undefined),
    erase: (user) => attempt((db) => db.delete(STORE, rangeOf(user)), undefined),
    eraseOthers: (user) => attempt((db) => deleteOthers(db, user), undefined),
  }
}

async function loadAll(db: IDBPDatabase, user: string): Promise<(readonly [string, Draft])[]> {
  const found: (readonly [string, Draft])[] = []
  const transaction = db.transaction(STORE)
  for await (const cursor of transaction.store.iterate(rangeOf(user))) {
    const conversation = Array.isArray(cursor.key) ? cursor.key[1] : undefined
    const draft = parseDraft(cursor.value)
    if (typeof conversation === 'string' && draft !== undefined) {
      found.push([conversation, draft])
    }
  }
  return found
}

async function saveAll(db: IDBPDatabase, user: string, changes: readonly DraftChange[]): Promise<void> {
  const transaction = db.transaction(STORE, 'readwrite')
  for (const { conversation, draft } of changes) {
    const key = [user, conversation]
    void (draft === undefined ? transaction.store.delete(key) : transaction.store.put(draft, key))
  }
  transaction.commit()
  await transaction.done
}

async function deleteOthers(db: IDBPDatabase, user: string): Promise<void> {
  const { lower, upper } = rangeOf(user)
  const transaction = db.transaction(STORE, 'readwrite')
  void transaction.store.delete(IDBKeyRange.upperBound(lower, true))
  void transaction.store.delete(IDBKeyRange.lowerBound(upper, true))
  transaction.commit()
  await transaction.done
}

/** All keys `[user, …]`: arrays sort element by element, and an array sorts after every string. */
function rangeOf(user: string): IDBKeyRange {
  return IDBKeyRange.bound([user], [user, []])
}

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
  /** Calls `listener` with what other tabs of this browser save. */
  onSavedElsewhere(listener: (user: string, changes: readonly DraftChange[]) => void): void
}

const STORE = 'drafts'
const NAME = 'tam-drafts'

interface Saved {
  readonly user: string
  readonly changes: readonly DraftChange[]
}

/**
 * Drafts in IndexedDB `tam-drafts`, keyed by user and conversation. Tabs tell each other over a BroadcastChannel of that
 * name; where there is none they learn of each other's drafts when they load.
 */
export function createDraftStorage(): DraftStorage {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(NAME)
  const opening: Promise<IDBPDatabase | undefined> = openDatabase(NAME, {
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
    save(user, changes) {
      // Before it is on disk: the page may be about to end, and what it told is kept by the others.
      const saved: Saved = { user, changes }
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel has none
      channel?.postMessage(saved)
      return attempt((db) => saveAll(db, user, changes), undefined)
    },
    erase: (user) => attempt((db) => db.delete(STORE, rangeOf(user)), undefined),
    eraseOthers: (user) => attempt((db) => deleteOthers(db, user), undefined),
    onSavedElsewhere(listener) {
      channel?.addEventListener('message', ({ data }: MessageEvent<Saved>) =>
        // A tab of another version may write them otherwise.
        listener(
          data.user,
          data.changes.map(({ conversation, draft }) => ({ conversation, draft: parseDraft(draft) })),
        ),
      )
    },
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

import { systemClock, wait } from '@tam/util'
import { openDB, type DBSchema, type IDBPDatabase, type OpenDBCallbacks } from 'idb'

/** Milliseconds until a database that gives no answer is done without: browsers have been seen to never give one. */
export const DATABASE_OPEN_MS = 3_000

/** Opens version 1. Rejects where a browser throws at once, has no IndexedDB, or does not answer in time. */
export async function openDatabase<Schema extends DBSchema | unknown = unknown>(
  name: string,
  callbacks: OpenDBCallbacks<Schema>,
): Promise<IDBPDatabase<Schema>> {
  const opening = openDB<Schema>(name, 1, callbacks)
  const late = wait(systemClock, DATABASE_OPEN_MS).then(() => undefined)
  const opened = await Promise.race([opening, late])
  if (opened === undefined) {
    // Left open it would be in the way of a newer version.
    opening.then((database) => database.close()).catch(() => undefined)
    throw new Error(`${name} was not opened in ${DATABASE_OPEN_MS} ms`)
  }
  return opened
}

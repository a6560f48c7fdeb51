import type { OutboxRecord } from './outbox-item.ts'
import type { OutboxStore } from './outbox-store.ts'

/** Forgets with the process; for bots and tests. */
export function memoryOutboxStore(): OutboxStore {
  const records = new Map<string, OutboxRecord>()
  return {
    async put(record) {
      records.set(record.cid, record)
    },
    async remove(cid) {
      records.delete(cid)
    },
    async claim(owner, alive) {
      const orphans = [...records.values()].filter(
        (record) => record.owner !== owner && !alive?.has(record.owner),
      )
      const claimed = orphans.map((record) => ({ ...record, owner }))
      for (const record of claimed) {
        records.set(record.cid, record)
      }
      return claimed
    },
    async clear() {
      records.clear()
    },
  }
}

import type { OutboxRecord } from './outbox-item.ts'

/** Where unsent messages survive a restart. */
export interface OutboxStore {
  put(record: OutboxRecord): Promise<void>
  remove(cid: string): Promise<void>
  /**
   * Makes `owner` the owner of every record whose owner is not in `alive`, in one step that no other claim can
   * interleave with, and returns those. Without `alive` nobody else counts as alive.
   */
  claim(owner: string, alive: ReadonlySet<string> | undefined): Promise<OutboxRecord[]>
  clear(): Promise<void>
}

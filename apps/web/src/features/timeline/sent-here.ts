import type { ConversationHandle, TimelineItem } from '@tam/client'

// Per conversation, what this page sent and its timeline has not shown yet; forgotten with the handle.
const unseen = new WeakMap<ConversationHandle, Set<string>>()

/** Items looked at from the end: what was just sent cannot be further up. */
const TAIL = 50

/** Notes that `cid` was sent from this page: its timeline goes to the live end when the message appears. */
export function noteSent(handle: ConversationHandle, cid: string): void {
  const cids = unseen.get(handle) ?? new Set()
  unseen.set(handle, cids.add(cid))
}

/** True when something sent from this page is among `items` for the first time, waiting or already stored. */
export function takeSent(handle: ConversationHandle, items: readonly TimelineItem[]): boolean {
  const cids = unseen.get(handle)
  if (cids === undefined || cids.size === 0) {
    return false
  }
  const seen = items.slice(-TAIL).some((item) => item.type === 'message' && cids.has(item.cid))
  if (seen) {
    cids.clear()
  }
  return seen
}

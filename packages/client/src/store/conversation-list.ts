import type { Conversation } from '@tam/protocol'
import type { Logs } from '../sync/logs.ts'
import { Derived, sameList, type Notifier } from './observable.ts'

/** Every conversation, newest activity first; undefined while nothing is known. */
export function conversationList(
  logs: Logs,
  notifier: Notifier,
): Derived<readonly Conversation[] | undefined> {
  return new Derived<readonly Conversation[] | undefined>(notifier, (previous) => {
    if (!logs.known) {
      return undefined
    }
    return sameList(previous, Array.from(logs.all(), (state) => state.summary).sort(byActivity))
  })
}

// RFC 3339 UTC with one precision sorts as text.
function byActivity(a: Conversation, b: Conversation): number {
  const [left, right] = [activity(a), activity(b)]
  return left === right ? (a.id < b.id ? -1 : 1) : left < right ? 1 : -1
}

function activity(summary: Conversation): string {
  return summary.lastMessage?.at ?? summary.createdAt
}

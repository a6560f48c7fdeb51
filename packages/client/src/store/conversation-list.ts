import type { Conversation } from '@tam/protocol'
import type { Logs } from '../sync/logs.ts'
import { Derived, type Notifier } from './observable.ts'

/** Every conversation, newest activity first; undefined while nothing is known. */
export function conversationList(
  logs: Logs,
  notifier: Notifier,
): Derived<readonly Conversation[] | undefined> {
  return new Derived<readonly Conversation[] | undefined>(notifier, (previous) => {
    if (!logs.known) {
      return undefined
    }
    const list = Array.from(logs.all(), (state) => state.summary).sort(byActivity)
    const same =
      list.length === previous?.length && list.every((summary, index) => summary === previous[index])
    return same ? previous : list
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

import type { ConversationEntry, MessageEntry } from '@tam/protocol'
import type { EventItem, MessageItem, TimelineItem } from '../api.ts'
import type { OutboxItem } from '../outbox/outbox-item.ts'

/* Items keep their identity for as long as what they show stays the same, so that unchanged rows do not repaint. */

const stored = new WeakMap<ConversationEntry, TimelineItem | null>()
const unsent = new WeakMap<OutboxItem, MessageItem>()

/** The same for the local echo and the stored entry. */
export function messageKey(author: string, cid: string): string {
  return `${author}/${cid}`
}

/** null for an entry of a type this client does not know. */
export function entryItem(entry: ConversationEntry): TimelineItem | null {
  let item = stored.get(entry)
  if (item === undefined) {
    item = makeItem(entry)
    stored.set(entry, item)
  }
  return item
}

export function messageItem(entry: MessageEntry): MessageItem {
  return entryItem(entry) as MessageItem
}

/** The item of a message that is in the outbox, or stored but not back from the log. */
export function outboxItem(item: OutboxItem, me: string): MessageItem {
  let made = unsent.get(item)
  if (made === undefined) {
    made = makeOutboxItem(item, me)
    unsent.set(item, made)
  }
  return made
}

function makeItem(entry: ConversationEntry): TimelineItem | null {
  switch (entry.type) {
    case 'message': {
      const { cid, seq, from, text, at, replyTo } = entry
      const key = messageKey(from, cid)
      return {
        type: 'message',
        key,
        cid,
        seq,
        from,
        text,
        at,
        state: 'sent',
        ...(replyTo !== undefined && { replyTo }),
      }
    }
    case 'created':
    case 'member':
    case 'details':
      return { type: 'event', key: `event/${entry.seq}`, seq: entry.seq, entry } satisfies EventItem
    default:
      entry satisfies never
      return null
  }
}

function makeOutboxItem({ record, status, behindFailed }: OutboxItem, me: string): MessageItem {
  const { cid, text, replyTo } = record
  const item = {
    type: 'message',
    key: messageKey(me, cid),
    cid,
    seq: status.type === 'stored' ? status.seq : null,
    from: me,
    text,
    at: status.type === 'stored' ? status.at : new Date(record.since).toISOString(),
    ...(replyTo !== undefined && { replyTo }),
  } as const
  switch (status.type) {
    case 'saving':
    case 'waiting':
      return behindFailed
        ? { ...item, state: 'waiting', error: 'behind_failed' }
        : { ...item, state: 'waiting' }
    case 'sending':
      return { ...item, state: 'sending' }
    case 'stored':
      return { ...item, state: 'sent' }
    case 'failed':
      return { ...item, state: 'failed', error: status.code }
  }
}

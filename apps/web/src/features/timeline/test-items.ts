import type { EventItem, MessageItem, TimelineItem } from '@tam/client'

/** A stored message of `from`, `minute` minutes after nine in the morning of 22 November 2026, local time. */
export function message(
  seq: number,
  from: string,
  minute = seq,
  more: Partial<MessageItem> = {},
): MessageItem {
  const at = new Date(2026, 10, 22, 9, minute).toISOString()
  const cid = `cid-${from}-${seq}`
  return {
    type: 'message',
    key: `${from}/${cid}`,
    cid,
    seq,
    from,
    text: `tin ${seq}`,
    at,
    state: 'sent',
    ...more,
  }
}

/** A message that waits in the outbox. */
export function waiting(cid: string, from = 'me'): MessageItem {
  return { ...message(0, from), key: `${from}/${cid}`, cid, seq: null, state: 'waiting' }
}

export function joined(seq: number, user: string): EventItem {
  const at = new Date(2026, 10, 22, 9, seq).toISOString()
  const entry = { type: 'member', change: 'joined', user, from: user, seq, cid: `op-${seq}`, at } as const
  return { type: 'event', key: `event/${seq}`, seq, entry }
}

export function messages(from: number, to: number, author = 'u_huong'): TimelineItem[] {
  return Array.from({ length: to - from + 1 }, (_, index) => message(from + index, author))
}

import type { EventItem, MessageItem, TimelineItem } from '@tam/client'

/** One line of the timeline as it is drawn. The same object comes back as long as nothing in it changed. */
export type Row = DayRow | DividerRow | MessageRow | EventRow

export interface DayRow {
  readonly kind: 'day'
  readonly key: string
  /** Time of the first item of that day. */
  readonly at: string
}

/** "Tin nhắn mới": the line above the first unread message. */
export interface DividerRow {
  readonly kind: 'divider'
  readonly key: 'divider'
}

export interface MessageRow {
  readonly kind: 'message'
  readonly key: string
  readonly item: MessageItem
  readonly own: boolean
  /** Begins a group: shows avatar, name and time. */
  readonly head: boolean
  /** Null for messages of others: their state is nobody's business. */
  readonly delivery: Delivery | null
  /** The message this one answers, when it is loaded. */
  readonly quoted: MessageItem | null
}

export interface EventRow {
  readonly kind: 'event'
  readonly key: string
  readonly item: EventItem
}

/** waiting: behind the network or an earlier message · seen: how many of the others read that far. */
export type Delivery = 'waiting' | 'sending' | 'failed' | 'sent' | 'seen-by-some' | 'seen-by-all'

/** Messages of one author at most this far apart share one avatar and name. */
export const GROUP_GAP_MS = 5 * 60_000

export interface RowsInput {
  /** Everything loaded; rows are made of `items[start]` to `items[end - 1]`. */
  readonly items: readonly TimelineItem[]
  readonly start: number
  readonly end: number
  readonly hasBefore: boolean
  readonly me: string
  /** Index of the first unread item, -1 for none: the divider goes above it. */
  readonly firstUnread: number
  readonly seen: (seq: number) => 'sent' | 'seen-by-some' | 'seen-by-all'
}

/** Makes rows and remembers them, so that an unchanged row is the same object and its component does not render. */
export function createRowBuilder(): (input: RowsInput) => readonly Row[] {
  let known = new Map<string, Row>()
  return (input) => {
    const next = new Map<string, Row>()
    for (const row of makeRows(input)) {
      const before = known.get(row.key)
      next.set(row.key, before !== undefined && sameRow(before, row) ? before : row)
    }
    known = next
    return [...next.values()]
  }
}

function* makeRows(input: RowsInput): Generator<Row> {
  const { items, start, end, hasBefore, firstUnread } = input
  let previous = items[start - 1]
  // At the loaded edge the day of what came before is unknown; the line appears when that is known.
  let day = previous !== undefined ? localDay(timeOf(previous)) : hasBefore ? undefined : 0
  for (let index = start; index < end; index++) {
    const item = items[index]
    if (item === undefined) {
      return
    }
    const at = timeOf(item)
    const itemDay = localDay(at)
    const newDay = day !== undefined && itemDay > day
    if (newDay) {
      yield { kind: 'day', key: `day:${itemDay}`, at }
    }
    if (index === firstUnread) {
      yield { kind: 'divider', key: 'divider' }
    }
    const cut = newDay || index === firstUnread
    yield item.type === 'event'
      ? { kind: 'event', key: item.key, item }
      : messageRow(item, cut || !continues(previous, item), input)
    day = Math.max(day ?? 0, itemDay)
    previous = item
  }
}

function messageRow(item: MessageItem, head: boolean, input: RowsInput): MessageRow {
  const own = item.from === input.me
  const delivery = !own ? null : item.state === 'sent' ? input.seen(item.seq ?? 0) : item.state
  const quoted = item.replyTo === undefined ? null : messageAt(input.items, item.replyTo)
  return { kind: 'message', key: item.key, item, own, head, delivery, quoted }
}

/** True when `item` belongs under the name already shown for `previous`. */
function continues(previous: TimelineItem | undefined, item: MessageItem): boolean {
  return (
    previous?.type === 'message' &&
    previous.from === item.from &&
    Math.abs(Date.parse(item.at) - Date.parse(previous.at)) < GROUP_GAP_MS &&
    localDay(item.at) === localDay(previous.at)
  )
}

export function timeOf(item: TimelineItem): string {
  return item.type === 'event' ? item.entry.at : item.at
}

/** The local calendar day as a number that grows with time: 20261122. */
export function localDay(at: string | number): number {
  const date = new Date(at)
  return date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate()
}

/** Index of the first stored item with a seq of at least `seq`, else the length of the stored part. */
export function indexOfSeq(items: readonly TimelineItem[], seq: number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    // What waits in the outbox has no seq and comes after everything stored.
    if ((items[middle]?.seq ?? Infinity) < seq) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

/** The loaded message of that seq, else null. */
export function messageAt(items: readonly TimelineItem[], seq: number): MessageItem | null {
  const item = items[indexOfSeq(items, seq)]
  return item?.type === 'message' && item.seq === seq ? item : null
}

function sameRow(a: Row, b: Row): boolean {
  if (a.kind === 'message' && b.kind === 'message') {
    return (
      a.item === b.item &&
      a.head === b.head &&
      a.delivery === b.delivery &&
      a.quoted === b.quoted &&
      a.own === b.own
    )
  }
  if (a.kind === 'event' && b.kind === 'event') {
    return a.item === b.item
  }
  if (a.kind === 'day' && b.kind === 'day') {
    return localDay(a.at) === localDay(b.at)
  }
  return a.kind === b.kind
}

/** How far the others have read, for the ticks of own messages; null positions are receipts turned off. */
export function createSeen(receipts: ReadonlyMap<string, number>, me: string): RowsInput['seen'] {
  const positions = [...receipts].filter(([user]) => user !== me).map(([, seq]) => seq)
  if (positions.length === 0) {
    return () => 'sent'
  }
  const nearest = Math.max(...positions)
  const furthest = Math.min(...positions)
  return (seq) => (seq <= furthest ? 'seen-by-all' : seq <= nearest ? 'seen-by-some' : 'sent')
}

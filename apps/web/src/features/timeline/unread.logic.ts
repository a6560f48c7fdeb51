import type { TimelineItem } from '@tam/client'
import { firstSeqOf } from './event-runs.logic.ts'
import { indexOfSeq } from './rows.logic.ts'

/** Where the first unread message is: an index, `before` what is loaded, or nowhere. */
export type FirstUnread =
  | { readonly place: 'loaded'; readonly index: number; readonly at: string }
  | { readonly place: 'before' }
  | { readonly place: 'none' }

/**
 * The first message of somebody else after `readSeq`. Own messages and event lines never begin the unread part.
 * `readSeq` null: nothing was unread when the conversation was opened.
 */
export function findFirstUnread(
  items: readonly TimelineItem[],
  hasBefore: boolean,
  readSeq: number | null,
  me: string,
): FirstUnread {
  if (readSeq === null) {
    return { place: 'none' }
  }
  const firstSeq = (items[0] && firstSeqOf(items[0])) ?? null
  if (hasBefore && firstSeq !== null && firstSeq > readSeq + 1) {
    return { place: 'before' }
  }
  for (let index = indexOfSeq(items, readSeq + 1); index < items.length; index++) {
    const item = items[index]
    if (item?.type === 'message' && item.seq !== null && item.from !== me) {
      return { place: 'loaded', index, at: item.at }
    }
  }
  return { place: 'none' }
}

/** Messages of others after `seenSeq` among the loaded ones: what the button to the live end counts. */
export function countBelow(items: readonly TimelineItem[], seenSeq: number, me: string): number {
  let count = 0
  for (let index = indexOfSeq(items, seenSeq + 1); index < items.length; index++) {
    const item = items[index]
    if (item?.type === 'message' && item.seq !== null && item.from !== me) {
      count++
    }
  }
  return count
}

/** The newest stored seq among the loaded items, 0 when nothing is stored. */
export function newestSeq(items: readonly TimelineItem[]): number {
  for (let index = items.length - 1; index >= 0; index--) {
    const seq = items[index]?.seq
    if (seq !== null && seq !== undefined) {
      return seq
    }
  }
  return 0
}

/** The line "Tin nhắn mới": what it stands behind and how much was unread when it was drawn. */
export interface UnreadLine {
  /** The read position it stands behind. */
  readonly after: number
  /** Unread messages of others then; 100 means more than 99. */
  readonly count: number
}

/**
 * The line after a look at the read position: drawn at the first unread message, then fixed. It moves only after
 * everything behind it was read and more arrived unseen.
 */
export function nextLine(line: UnreadLine | null, read: number, unread: number): UnreadLine | null {
  if (unread === 0) {
    return line
  }
  if (line !== null && read <= line.after) {
    return line.count === unread ? line : { after: line.after, count: unread }
  }
  return { after: read, count: unread }
}

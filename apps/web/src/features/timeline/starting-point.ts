import type { ConversationHandle } from '@tam/client'
import type { Clock } from '@tam/util'
import { bookmarkOf, type Bookmark } from './bookmarks.ts'
import type { Place } from './geometry.ts'
import type { Scroller } from './scroller.ts'
import type { TimelineModel } from './timeline-model.ts'
import type { UnreadLine } from './unread.logic.ts'

/** A message to bring into view. */
export interface Target {
  readonly seq: number
  readonly place: Place
  readonly highlight: boolean
}

/** Where a conversation opens; `going` while what it needs is on its way. */
export type Start =
  | { readonly way: 'tail' }
  | { readonly way: 'target'; readonly target: Target }
  | { readonly way: 'going' }

/**
 * Where a conversation opens: the place it had before a reload, the message a link names, the place it was left at a
 * while ago, else the live end.
 */
export function startingPoint(
  handle: ConversationHandle,
  clock: Clock,
  { seq, kept }: { readonly seq: number | undefined; readonly kept: Bookmark | undefined },
): Start {
  if (seq !== undefined && kept === undefined) {
    return { way: 'target', target: { seq, place: 'middle', highlight: true } }
  }
  const left = kept ?? bookmarkOf(handle, clock)
  return left === undefined
    ? { way: 'tail' }
    : { way: 'target', target: { seq: left.seq, place: left.below, highlight: false } }
}

/** The first unread message, with the line above it at the top of the view. */
export function firstUnreadAt(line: UnreadLine): Target {
  return { seq: line.after + 1, place: 'top', highlight: false }
}

/** Where the view is scrolled up to; undefined at the live end. */
export function placeNow({
  scroller,
  model,
}: {
  scroller: Scroller
  model: TimelineModel
}): Bookmark | undefined {
  const row = scroller.pinned ? undefined : scroller.bookmark()
  const index = model.indexOfKey(row?.key)
  const seq = index === undefined ? null : (model.items[index]?.seq ?? null)
  return row === undefined || seq === null ? undefined : { seq, below: row.below }
}

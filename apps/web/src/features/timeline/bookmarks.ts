import type { ConversationHandle } from '@tam/client'
import type { Clock } from '@tam/util'

/** A place in a conversation is kept for this long after leaving it. */
export const BOOKMARK_MAX_AGE_MS = 30 * 60_000

export interface Bookmark {
  readonly seq: number
  /** Row bottom minus view bottom, pixels. */
  readonly below: number
}

// One per conversation, forgotten with its handle.
const bookmarks = new WeakMap<ConversationHandle, Bookmark & { readonly at: number }>()

/** Where `handle` was left scrolled up, if that is not long ago. */
export function bookmarkOf(handle: ConversationHandle, clock: Clock): Bookmark | undefined {
  const bookmark = bookmarks.get(handle)
  return bookmark !== undefined && clock.monotonic() - bookmark.at < BOOKMARK_MAX_AGE_MS
    ? bookmark
    : undefined
}

/** Remembers the place; undefined means left at the live end. */
export function keepBookmark(handle: ConversationHandle, clock: Clock, bookmark: Bookmark | undefined): void {
  if (bookmark === undefined) {
    bookmarks.delete(handle)
  } else {
    bookmarks.set(handle, { ...bookmark, at: clock.monotonic() })
  }
}

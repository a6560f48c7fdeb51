import type { Conversation, ConversationEntry } from '@tam/protocol'
import { UNREAD_EXACT_MAX } from '@tam/protocol/limits'

/** More than this many unread are not told apart. */
export const UNREAD_CAP = UNREAD_EXACT_MAX + 1

/** What one conversation's log was folded into. */
export interface ConversationState {
  /** As of `summary.head`, which runs ahead of `cursor` while missed entries are still coming. */
  readonly summary: Conversation
  /** Highest seq applied without a hole before it. */
  readonly cursor: number
  /** The newest entries, dense, the last one at `cursor`; how many is decided by who keeps the state. */
  readonly tail: readonly ConversationEntry[]
  /** The read position moved to where the entries are not at hand: `summary.unread` has to be counted anew. */
  readonly recount: boolean
}

export function begin(summary: Conversation): ConversationState {
  return { summary, cursor: summary.head, tail: [], recount: false }
}

/**
 * Drops what is held of the log and goes on from `head`: the answer to `resync`. What the summary says stays until
 * the newest page replaces it.
 */
export function restart(state: ConversationState, head: number): ConversationState {
  const known = head === state.summary.head
  const read = Math.min(state.summary.read, head)
  return {
    summary: { ...state.summary, head, read },
    cursor: head,
    tail: [],
    recount: read < head && (!known || state.recount),
  }
}

/** Adds an older dense page that ends where the tail begins; any other page changes nothing. */
export function prepend(
  state: ConversationState,
  page: readonly ConversationEntry[],
  max: number,
): ConversationState {
  const next = state.tail[0]?.seq ?? state.cursor + 1
  if (page.at(-1)?.seq !== next - 1) {
    return state
  }
  const tail = [...page, ...state.tail].slice(-max)
  const lastMessage = tail.findLast((entry) => entry.type === 'message')
  const current = state.cursor >= state.summary.head && lastMessage !== undefined
  return { ...state, tail, summary: current ? { ...state.summary, lastMessage } : state.summary }
}

/** Keeps the newest `max` entries. */
export function trim(state: ConversationState, max: number): ConversationState {
  return state.tail.length > max ? { ...state, tail: state.tail.slice(-max) } : state
}

/** True when the tail holds every entry after `seq`. */
export function covers(state: ConversationState, seq: number): boolean {
  return (
    state.cursor >= state.summary.head && (seq >= state.cursor || (state.tail[0]?.seq ?? Infinity) <= seq + 1)
  )
}

/** Others' messages among `entries` after `seq`, at most UNREAD_CAP. */
export function countUnread(entries: readonly ConversationEntry[], seq: number, me: string): number {
  let count = 0
  for (const entry of entries) {
    if (entry.seq > seq && isUnreadable(entry, me) && ++count === UNREAD_CAP) {
      break
    }
  }
  return count
}

/** Own messages and events never count as unread. */
export function isUnreadable(entry: ConversationEntry, me: string): boolean {
  return entry.type === 'message' && entry.from !== me
}

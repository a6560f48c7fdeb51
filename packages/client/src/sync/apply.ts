import type { Conversation, ConversationEntry, MemberEntry } from '@tam/protocol'
import { countUnread, covers, isUnreadable, UNREAD_CAP, type ConversationState } from './state.ts'

/**
 * Folds one entry into the state of its conversation, from the view of the user `me`. Pure. Only the entry at
 * cursor + 1 changes anything: what was applied before is dropped, what lies beyond waits for the gap to close.
 */
export function apply(state: ConversationState, entry: ConversationEntry, me: string): ConversationState {
  if (entry.seq !== state.cursor + 1) {
    return state
  }
  // A summary from sync may already be newer than the entries that are pushed after it.
  const summary = entry.seq > state.summary.head ? applyToSummary(state.summary, entry, me) : state.summary
  return settleUnread({ ...state, summary, cursor: entry.seq, tail: [...state.tail, entry] }, me)
}

/**
 * Moves one's own read position forward, also past entries that have not come yet. `told`: the server's count for
 * that position, if it said so.
 */
export function applyRead(
  state: ConversationState,
  read: number,
  me: string,
  told?: number,
): ConversationState {
  if (read <= state.summary.read) {
    return state
  }
  const unread = told ?? state.summary.unread
  return settleUnread({ ...state, summary: { ...state.summary, read, unread }, recount: true }, me)
}

/** Takes over a newer answer of the server about the conversation, keeping what was applied since. */
export function mergeSummary(state: ConversationState, told: Conversation, me: string): ConversationState {
  const newer = state.tail.filter((entry) => entry.seq > told.head)
  const complete = newer.length >= state.cursor - told.head
  if (!complete) {
    return state
  }
  const summary = newer.reduce((folded, entry) => applyToSummary(folded, entry, me), told)
  // The own read position may be ahead of what the server has heard.
  return applyRead({ ...state, summary, recount: false }, state.summary.read, me)
}

function applyToSummary(summary: Conversation, entry: ConversationEntry, me: string): Conversation {
  const next = { ...summary, head: entry.seq }
  switch (entry.type) {
    case 'message': {
      const unread = summary.unread + (isUnreadable(entry, me) && entry.seq > summary.read ? 1 : 0)
      return { ...next, lastMessage: entry, unread: Math.min(unread, UNREAD_CAP) }
    }
    case 'created':
      return { ...next, kind: entry.kind, title: entry.title }
    case 'member':
      return applyMember(next, entry, me)
    case 'details':
      return { ...next, title: entry.title ?? next.title, topic: entry.topic ?? next.topic }
    default:
      return unknownType(next, entry)
  }
}

function applyMember(summary: Conversation, entry: MemberEntry, me: string): Conversation {
  const role = entry.user === me && entry.role !== undefined ? entry.role : summary.role
  switch (entry.change) {
    case 'added':
    case 'joined':
      return { ...summary, role, memberCount: summary.memberCount + 1 }
    case 'left':
    case 'removed':
      return { ...summary, role, memberCount: summary.memberCount - 1 }
    case 'role':
      return { ...summary, role }
    default:
      return unknownType(summary, entry.change)
  }
}

/** A newer server may send what this client does not know: the cursor moves on, nothing else happens. */
function unknownType(summary: Conversation, _unknown: never): Conversation {
  return summary
}

/** Counts from the entries at hand wherever they reach; the running count only bridges where they do not. */
export function settleUnread(state: ConversationState, me: string): ConversationState {
  const { summary } = state
  if (!covers(state, summary.read)) {
    return state
  }
  const unread = countUnread(state.tail, summary.read, me)
  return unread === summary.unread && !state.recount
    ? state
    : { ...state, summary: { ...summary, unread }, recount: false }
}

import type { ConversationEntry } from '@tam/protocol'
import type { ConversationState } from '../sync/state.ts'

/** Entries held for one conversation on screen. */
export const WINDOW_MAX = 2_000
/** What remains after a full window was cut at its old end; in one go, because cutting moves what is on screen. */
const WINDOW_CUT = 1_500

type Entries = readonly ConversationEntry[]

/** A dense part of a log. */
export interface Window {
  readonly entries: Entries
  /** It ends at the cursor, and new entries are appended as they come. */
  readonly live: boolean
}

/** The newest entries at hand. */
export function latest(state: ConversationState | undefined): Window {
  return { entries: state?.tail ?? [], live: true }
}

/** A page anywhere in the log; it becomes live when it reaches the entries at hand. */
export function place(page: Entries, state: ConversationState): Window {
  const last = page.at(-1)?.seq ?? 0
  if (last >= state.cursor) {
    return { entries: page.filter((entry) => entry.seq <= state.cursor), live: true }
  }
  const joins = (state.tail[0]?.seq ?? Infinity) <= last + 1
  return joins
    ? { entries: [...page, ...state.tail.filter((entry) => entry.seq > last)], live: true }
    : { entries: page, live: false }
}

/** New entries at the live end. */
export function append(window: Window, entries: Entries): Window {
  const last = window.entries.at(-1)?.seq
  if (!window.live || (last !== undefined && entries[0]?.seq !== last + 1)) {
    return window
  }
  const all = [...window.entries, ...entries]
  return { entries: all.length > WINDOW_MAX ? all.slice(-WINDOW_CUT) : all, live: true }
}

/** An older page; what no longer fits leaves at the new end. */
export function extendBefore(window: Window, page: Entries): Window {
  const first = window.entries[0]?.seq
  if (page.length === 0 || first === undefined || page.at(-1)?.seq !== first - 1) {
    return window
  }
  const all = [...page, ...window.entries]
  return all.length > WINDOW_MAX
    ? { entries: all.slice(0, WINDOW_MAX), live: false }
    : { ...window, entries: all }
}

/** A newer page; what no longer fits leaves at the old end. */
export function extendAfter(window: Window, page: Entries, state: ConversationState): Window {
  const last = window.entries.at(-1)?.seq
  if (window.live || last === undefined || (page.length > 0 && page[0]?.seq !== last + 1)) {
    return window
  }
  const { entries, live } = place([...window.entries, ...page], state)
  return { entries: entries.slice(-WINDOW_MAX), live }
}

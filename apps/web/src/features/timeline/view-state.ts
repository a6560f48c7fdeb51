import type { Timeline } from '@tam/client'
import type { Row } from './rows.logic.ts'

/** more: there is, not asked for · end: nothing further that way. */
export type Edge = 'more' | 'loading' | 'failed' | 'end'

/** What the rows show. */
export interface ListState {
  readonly status: 'loading' | 'ready' | 'failed'
  readonly rows: readonly Row[]
  /** `end` before the rows is the beginning of the conversation. */
  readonly before: Edge
  readonly after: Edge
  /** Key of the row that was jumped to. */
  readonly highlighted: string | null
}

/** What floats over the rows. */
export interface OverlayState {
  /** Others' messages below the view; null at the live end. */
  readonly below: number | null
  /** Unread messages above the view: how many, and since when if that is loaded. */
  readonly unreadAbove: { readonly count: number; readonly at: string | null } | null
}

export const NO_ROWS: ListState = {
  status: 'loading',
  rows: [],
  before: 'more',
  after: 'end',
  highlighted: null,
}

export const NO_OVERLAY: OverlayState = { below: null, unreadAbove: null }

export function edgeState(timeline: Timeline, edge: 'before' | 'after'): Edge {
  // The first page is asked for while the newest messages are there from before: it comes in above them.
  const is = (request: Timeline['loading']): boolean =>
    request === edge || (edge === 'before' && request === 'initial')
  if (is(timeline.loading)) {
    return 'loading'
  }
  if (is(timeline.failed)) {
    return 'failed'
  }
  return (edge === 'before' ? timeline.hasBefore : timeline.hasAfter) ? 'more' : 'end'
}

/** Whether there is anything to draw yet. A conversation without messages is ready too: it shows its beginning. */
export function statusOf(timeline: Timeline): ListState['status'] {
  if (timeline.items.length > 0) {
    return 'ready'
  }
  if (timeline.failed === 'initial' || timeline.failed === 'around') {
    return 'failed'
  }
  return timeline.loading === null && !timeline.hasBefore ? 'ready' : 'loading'
}

export function sameOverlay(a: OverlayState, b: OverlayState): boolean {
  return (
    a.below === b.below &&
    a.unreadAbove?.count === b.unreadAbove?.count &&
    a.unreadAbove?.at === b.unreadAbove?.at
  )
}

import type { TimelineItem } from '@tam/client'

/*
 * Which of the loaded items are in the DOM: a bounded span that grows while one scrolls and is cut back in one go.
 * Plain rows, no virtualiser: at 100 messages a second 80 to 120 plain rows cost least of all that was measured.
 */

/** Items in the DOM after a cut. */
export const SPAN_BASE = 60
/** Items in the DOM at most; a row has up to 12 nodes, the budget is 1,500. */
export const SPAN_MAX = 2 * SPAN_BASE
/** Items added by one step of scrolling. */
export const SPAN_STEP = 30
/** Items kept beyond the visible ones when the far end is cut. */
export const SPAN_MARGIN = 15

/** `items[start]` to `items[end - 1]`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The newest items. */
export function tailSpan(length: number): Span {
  return { start: Math.max(0, length - SPAN_BASE), end: length }
}

/** A span with `index` in its middle. */
export function spanAround(index: number, length: number): Span {
  const start = Math.max(0, Math.min(index - SPAN_BASE / 2, length - SPAN_BASE))
  return { start, end: Math.min(length, start + SPAN_BASE) }
}

/**
 * The same rows after the loaded items changed (pages before or after, arrivals, a trimmed far end). At the live
 * end the span follows: pinned it lets go of the oldest, else it stops growing at its limit.
 */
export function carrySpan(
  span: Span,
  before: readonly TimelineItem[],
  after: readonly TimelineItem[],
  pinned: boolean,
): Span {
  if (pinned || before.length === 0) {
    return carryPinned(span, before, after)
  }
  const found = relocate(span, before, after)
  if (found === undefined) {
    return tailSpan(after.length)
  }
  const end = span.end === before.length ? after.length : found.end
  return { start: found.start, end: Math.min(end, Math.max(found.end, found.start + SPAN_MAX)) }
}

function carryPinned(span: Span, before: readonly TimelineItem[], after: readonly TimelineItem[]): Span {
  const start = relocate(span, before, after)?.start ?? 0
  return after.length - start > SPAN_MAX || before.length === 0
    ? tailSpan(after.length)
    : { start, end: after.length }
}

/** Where the rows of `span` are now, judged by the outermost ones that still exist. */
function relocate(
  span: Span,
  before: readonly TimelineItem[],
  after: readonly TimelineItem[],
): Span | undefined {
  const places = new Map(after.map((item, index) => [item.key, index]))
  const indices: number[] = []
  for (let index = span.start; index < span.end; index++) {
    const key = before[index]?.key
    const place = key === undefined ? undefined : places.get(key)
    if (place !== undefined) {
      indices.push(place)
    }
  }
  return indices.length === 0 ? undefined : { start: Math.min(...indices), end: Math.max(...indices) + 1 }
}

/** One step towards older items; past the limit the newest end is cut down to what is visible and a margin. */
export function growBefore(span: Span, lastVisible: number): Span {
  const start = Math.max(0, span.start - SPAN_STEP)
  if (span.end - start <= SPAN_MAX) {
    return { start, end: span.end }
  }
  return { start, end: Math.min(span.end, Math.max(start + SPAN_BASE, lastVisible + 1 + SPAN_MARGIN)) }
}

/** One step towards newer items; past the limit the oldest end is cut down to what is visible and a margin. */
export function growAfter(span: Span, length: number, firstVisible: number): Span {
  const end = Math.min(length, span.end + SPAN_STEP)
  if (end - span.start <= SPAN_MAX) {
    return { start: span.start, end }
  }
  return { start: Math.max(span.start, Math.min(end - SPAN_BASE, firstVisible - SPAN_MARGIN)), end }
}

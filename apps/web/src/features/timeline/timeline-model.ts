import type { Timeline, TimelineItem } from '@tam/client'
import { createFold, firstSeqOf } from './event-runs.logic.ts'
import { createRowBuilder, createSeen, indexOfSeq, type Row } from './rows.logic.ts'
import { findFirstUnread, newestSeq, type FirstUnread } from './unread.logic.ts'
import {
  carrySpan,
  growAfter,
  growBefore,
  SPAN_MAX,
  SPAN_STEP,
  spanAround,
  tailSpan,
  type Span,
} from './window.logic.ts'

export const EMPTY: Timeline = { items: [], hasBefore: true, hasAfter: false, loading: null, failed: null }

/** Which of the loaded items are drawn, and as what rows. Knows no DOM. */
export class TimelineModel {
  #me: string
  #build = createRowBuilder()
  #fold = createFold()
  #source = EMPTY
  #timeline = EMPTY
  #span: Span = { start: 0, end: 0 }

  constructor(me: string) {
    this.#me = me
  }

  /** What was taken over last, as it came. */
  get source(): Timeline {
    return this.#source
  }

  /** The same with runs of membership changes as one item each. */
  get timeline(): Timeline {
    return this.#timeline
  }

  get items(): readonly TimelineItem[] {
    return this.#timeline.items
  }

  get span(): Span {
    return this.#span
  }

  /** The newest entry of the conversation is loaded and drawn. */
  get isLiveEnd(): boolean {
    return !this.#timeline.hasAfter && this.#span.end === this.items.length
  }

  /** More came at once than is ever drawn, as after a long absence. What oneself wrote here did not come. */
  isFlood(next: Timeline): boolean {
    const newest = newestSeq(this.items)
    const { items } = this.#fold(next)
    const after = items.slice(indexOfSeq(items, newest + 1))
    if (newest === 0 || after.length <= SPAN_MAX) {
      return false
    }
    const known = new Set(this.items.map(({ key }) => key))
    return after.filter(({ key, seq }) => seq !== null && !known.has(key)).length > SPAN_MAX
  }

  /** Nothing that is drawn is in it: another part of the conversation was loaded. */
  isReplaced(next: Timeline): boolean {
    const rows = this.items.slice(this.#span.start, this.#span.end)
    const drawn = new Set(rows.map((item) => item.key))
    return drawn.size > 0 && !next.items.some((item) => drawn.has(item.key))
  }

  /** Takes over what is loaded; the drawn rows stay, or follow the live end when `pinned`. */
  take(next: Timeline, pinned: boolean): void {
    const before = this.items
    this.#hold(next)
    this.#span = carrySpan(this.#span, before, this.items, pinned)
  }

  /** Takes over what is loaded and draws its end. */
  takeTail(next: Timeline): void {
    this.#hold(next)
    this.showTail()
  }

  #hold(next: Timeline): void {
    this.#source = next
    this.#timeline = this.#fold(next)
  }

  showTail(): void {
    this.#span = tailSpan(this.items.length)
  }

  showAround(index: number): void {
    this.#span = spanAround(index, this.items.length)
  }

  /** Loaded items beyond the drawn ones. */
  undrawn(direction: 'up' | 'down'): number {
    return direction === 'up' ? this.#span.start : this.items.length - this.#span.end
  }

  /** Draws a step of loaded items before the rows; false when none are left. */
  growBefore(lastVisibleKey: string | undefined): boolean {
    if (this.#span.start === 0) {
      return false
    }
    this.#span = growBefore(this.#span, this.indexOfKey(lastVisibleKey) ?? this.#span.end - 1)
    return true
  }

  /** Draws a step of loaded items after the rows; false when none are left. */
  growAfter(firstVisibleKey: string | undefined): boolean {
    if (this.#span.end === this.items.length) {
      return false
    }
    const firstVisible = this.indexOfKey(firstVisibleKey) ?? this.#span.start
    this.#span = growAfter(this.#span, this.items.length, firstVisible)
    return true
  }

  /** True when a step in that direction pushes nothing out at the other end. */
  hasRoom(): boolean {
    return this.#span.end - this.#span.start + SPAN_STEP <= SPAN_MAX
  }

  /** Index of a drawn item. */
  indexOfKey(key: string | undefined): number | undefined {
    for (let index = this.#span.start; index < this.#span.end; index++) {
      if (this.items[index]?.key === key) {
        return index
      }
    }
    return undefined
  }

  /** Index of the loaded item at `seq`, or of the next one when that position holds nothing to show. */
  indexOfLoaded(seq: number): number | undefined {
    const { items, hasBefore, hasAfter } = this.#timeline
    const oldest = (items[0] && firstSeqOf(items[0])) ?? Infinity
    if (items.length === 0 || (hasBefore && seq < oldest) || (hasAfter && seq > newestSeq(items))) {
      return undefined
    }
    return Math.min(indexOfSeq(items, seq), items.length - 1)
  }

  firstUnread(readSeq: number | null): FirstUnread {
    return findFirstUnread(this.items, this.#timeline.hasBefore, readSeq, this.#me)
  }

  rows(firstUnread: FirstUnread, receipts: ReadonlyMap<string, number>): readonly Row[] {
    return this.#build({
      items: this.items,
      ...this.#span,
      hasBefore: this.#timeline.hasBefore,
      me: this.#me,
      firstUnread: firstUnread.place === 'loaded' ? firstUnread.index : -1,
      seen: createSeen(receipts, this.#me),
    })
  }
}

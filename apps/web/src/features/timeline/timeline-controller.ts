import type { ConnectionState, ConversationHandle, Readable, Timeline } from '@tam/client'
import type { Clock } from '@tam/util'
import type { KeptPlace, Place } from '../../platform/place.ts'
import type { OpenAt } from '../../platform/preferences.ts'
import { createState } from '../../platform/state.ts'
import { keepBookmark } from './bookmarks.ts'
import { DayPill } from './day-pill.ts'
import { FrameGate, type NextFrame } from './frame.ts'
import { Growth, type Direction } from './growth.ts'
import { Highlight } from './highlight.ts'
import { HistoryPager } from './history-pager.ts'
import { Overlay } from './overlay.ts'
import { LeftOff } from './left-off.ts'
import { ReadWatch } from './read-watch.ts'
import { timeOf } from './rows.logic.ts'
import { Scroller } from './scroller.ts'
import { onSentHere } from './sent-here.ts'
import { placeNow, startingPoint } from './starting-point.ts'
import { TimelineModel } from './timeline-model.ts'
import { Travel } from './travel.ts'
import { UnreadWatch } from './unread-watch.ts'
import { newestSeq } from './unread.logic.ts'
import { edgeState, NO_OVERLAY, NO_ROWS, sameOverlay, statusOf } from './view-state.ts'

export interface TimelineOptions {
  readonly handle: ConversationHandle
  readonly me: string
  readonly clock: Clock
  readonly nextFrame: NextFrame
  readonly connection: Readable<ConnectionState>
  readonly attention: Readable<boolean>
  readonly openAt: Readable<OpenAt>
  readonly place: Place
}

/** One open conversation on the screen: which rows are drawn, where the view is, what counts as read. */
export class TimelineController {
  readonly list = createState(NO_ROWS)
  readonly overlay = createState(NO_OVERLAY)
  readonly day: DayPill
  /** Watches a row's visibility for as long as it is in the DOM; a ref callback. */
  readonly observe: (row: HTMLElement) => () => void

  #options: TimelineOptions
  #handle: ConversationHandle
  #model: TimelineModel
  #pager: HistoryPager
  #growth: Growth
  #unread: UnreadWatch
  #overlay: Overlay
  #reading: ReadWatch
  #gate: FrameGate
  #scroller: Scroller | undefined
  #leftOff: LeftOff
  #highlight: Highlight
  #travel: Travel

  constructor(options: TimelineOptions) {
    const { handle, clock, nextFrame, connection, attention, me } = options
    this.#options = options
    this.#handle = handle
    this.#model = new TimelineModel(me)
    this.#gate = new FrameGate(nextFrame, () => this.#flush())
    this.#pager = new HistoryPager(handle, nextFrame)
    this.#growth = new Growth(this.#model, this.#pager)
    this.#unread = new UnreadWatch({ handle, connection, attention, onChange: () => this.#onUnread() })
    this.#leftOff = new LeftOff(this.#unread, options.openAt)
    this.#overlay = new Overlay({ handle, me, model: this.#model, unread: this.#unread })
    this.day = new DayPill(clock)
    this.#highlight = new Highlight(clock, () => this.#publish())
    this.#reading = new ReadWatch({ handle, clock, attention })
    this.observe = this.#reading.observe
    this.#travel = this.#createTravel(handle)
  }

  /** Begins: opens the conversation and shows `seq`, the place it was left at, the first unread or the live end. */
  mount(view: HTMLElement, content: HTMLElement, seq: number | undefined): () => void {
    const { clock, place } = this.#options
    const scroller = new Scroller(view, content, clock, {
      onScroll: (direction) => this.#onScroll(scroller, direction),
      onRest: () => this.#onRest(),
      onPinnedChange: () => this.#updateOverlay(),
      isLiveEnd: () => this.#model.isLiveEnd,
    })
    this.#scroller = scroller
    this.#unread.start()
    this.#travel.startAt(startingPoint(this.#handle, clock, { seq, kept: place.take(this.#handle.id) }))
    const stops = [
      this.#handle.timeline.subscribe(() => this.#gate.request()),
      this.#handle.receipts.subscribe(() => this.#gate.request()),
      this.#reading.start(),
      onSentHere(this.#handle, () => this.#travel.showTail()),
      this.#handle.open(),
      place.watch(() => this.#place()),
    ]
    this.#flush()
    this.#loadReceipts()
    return () => this.#unmount(stops)
  }

  /** Before React changes the rows. */
  beforeCommit(): void {
    this.#scroller?.capture()
  }

  /** After React changed the rows, before paint. */
  afterCommit(): void {
    const scroller = this.#scroller
    scroller?.restore()
    if (scroller === undefined || !this.#travel.arrived) {
      return
    }
    if (this.#growth.growNear(scroller)) {
      this.#publish()
    } else {
      this.#growth.fetchToFill(scroller)
    }
    this.#updateOverlay()
  }

  /** Centres and marks the message at `seq`, loading it when needed. Rejects with TamError. */
  jumpTo(seq: number): Promise<void> {
    return this.#travel.to({ seq, place: 'middle', highlight: true })
  }

  /** To the exact first unread message. Rejects with TamError. */
  jumpToUnread(): Promise<void> {
    return this.#travel.toUnread()
  }

  /** To the first message of the conversation. Rejects with TamError. */
  jumpToStart(): Promise<void> {
    return this.#travel.to({ seq: 1, place: 'top', highlight: false })
  }

  /** To the live end, loading it when needed. Rejects with TamError. */
  jumpToLatest(): Promise<void> {
    return this.#travel.toLatest()
  }

  retry(edge: 'before' | 'after'): void {
    this.#pager.retry(edge)
  }

  /** Takes the unread part as read. */
  dismissUnread(): void {
    this.#unread.dismiss()
    this.#reading.markRead(Math.max(this.#handle.summary.get()?.head ?? 0, newestSeq(this.#model.items)))
    this.#updateOverlay()
  }

  /** The row around `inside` is about to change its height: its top stays where it is. */
  holdTop(inside: Element): void {
    this.#scroller?.holdTop(inside)
  }

  /** The row element of an item, null when it is not drawn. */
  row(key: string): HTMLElement | null {
    return this.#scroller?.row(key) ?? null
  }

  /** Key of the item next to `key`, drawing or fetching more at an edge; undefined when it is not loaded. */
  neighbour(key: string, direction: Direction): string | undefined {
    const index = this.#model.indexOfKey(key)
    const next =
      index === undefined ? undefined : this.#model.items[index + (direction === 'up' ? -1 : 1)]?.key
    if (next === undefined) {
      this.#pager.request(direction === 'up' ? 'before' : 'after')
    } else if (this.#scroller !== undefined && this.#model.indexOfKey(next) === undefined) {
      this.#growth.grow(this.#scroller, direction)
      this.#publish()
    }
    return next
  }

  /** Keys of the rows on the screen, bottom-most first. */
  visibleKeys(): readonly string[] {
    return this.#scroller?.visible().map((row) => row.dataset['key'] ?? '') ?? []
  }

  /** Scrolls by nearly one screen. */
  scrollByScreen(direction: Direction): void {
    this.#scroller?.scrollBy((direction === 'up' ? -0.9 : 0.9) * this.#scroller.height)
  }

  /** Who has read how far is told only after the members were asked for; channels keep no receipts. */
  #loadReceipts(): void {
    const kind = this.#handle.summary.get()?.kind
    if (kind !== 'channel' && this.#handle.members.get() === undefined) {
      // Without it own messages show that they were sent and not that they were seen.
      this.#handle.loadMembers().catch(() => {})
    }
  }

  #place(): KeptPlace | undefined {
    const now =
      this.#scroller === undefined ? undefined : placeNow({ scroller: this.#scroller, model: this.#model })
    return now && { conversation: this.#handle.id, ...now }
  }

  #createTravel(handle: ConversationHandle): Travel {
    return new Travel({
      handle,
      model: this.#model,
      unread: this.#unread,
      leftOff: this.#leftOff,
      highlight: this.#highlight,
      scroller: () => this.#scroller,
      onRows: () => this.#publish(),
    })
  }

  #flush(): void {
    const next = this.#handle.timeline.get()
    if (this.#travel.arrived && next !== this.#model.source) {
      this.#take(next)
    }
    this.#travel.onLoaded()
  }

  #onUnread(): void {
    this.#leftOff.onUnread()
    this.#gate.request()
  }

  #take(next: Timeline): void {
    const scroller = this.#scroller
    if (this.#model.isReplaced(next)) {
      scroller?.pin(!next.hasAfter)
    } else if (this.#model.isFlood(next)) {
      // What was missed in a long absence does not carry the view away from where one was.
      scroller?.pin(false)
    }
    this.#model.take(next, scroller?.pinned ?? true)
    if (scroller !== undefined) {
      // In the same change: a row that joins the group of a new one above it gets lower, and needs rows above it.
      this.#growth.growNear(scroller)
    }
  }

  #publish(): void {
    const { arrived, timeline } = this.#travel
    const firstUnread = this.#model.firstUnread(this.#unread.line?.after ?? null)
    const status = statusOf(timeline)
    this.list.set({
      status: status === 'ready' && !arrived ? 'loading' : status,
      rows: this.#model.rows(firstUnread, this.#handle.receipts.get()),
      before: this.#model.span.start > 0 ? 'more' : edgeState(timeline, 'before'),
      after: this.#model.span.end < this.#model.items.length ? 'more' : edgeState(timeline, 'after'),
      highlighted: this.#highlight.key,
    })
  }

  #onScroll(scroller: Scroller, direction: Direction): void {
    this.#leftOff.onMoved()
    if (this.#growth.onScroll(scroller, direction)) {
      this.#publish()
    }
    this.#showDay()
    this.#updateOverlay()
  }

  #onRest(): void {
    this.#updateOverlay()
    this.day.rest()
  }

  #showDay(): void {
    const top = this.#model.items[this.#model.indexOfKey(this.visibleKeys().at(-1)) ?? -1]
    this.day.show(top === undefined ? null : timeOf(top))
  }

  #updateOverlay(): void {
    if (this.#scroller !== undefined) {
      const next = this.#overlay.look(this.#scroller)
      if (!sameOverlay(next, this.overlay.get())) {
        this.overlay.set(next)
      }
    }
  }

  #unmount(stops: readonly (() => void)[]): void {
    const scroller = this.#scroller
    if (scroller !== undefined && this.#travel.arrived) {
      keepBookmark(this.#handle, this.#options.clock, placeNow({ scroller, model: this.#model }))
    }
    for (const stop of stops) {
      stop()
    }
    scroller?.dispose()
    this.#scroller = undefined
    this.#unread.stop()
    this.#gate.stop()
    this.day.stop()
    this.#highlight.stop()
  }
}

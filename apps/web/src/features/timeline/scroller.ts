import type { Cancel, Clock } from '@tam/util'
import {
  anchorsNow,
  deltaToAnchor,
  deltaToPlace,
  distanceToEnd,
  rowOf,
  visibleRows,
  type Anchor,
  type Place,
} from './geometry.ts'

/** Closer to the end than this, a resting view belongs to the live end again. */
export const PIN_SLACK_PX = 50
/** Scrolling has come to rest when no event came for this long. */
export const REST_MS = 150

export interface ScrollerEvents {
  /** The person scrolled, or pushed against an edge. Never called for positions written by the scroller. */
  onScroll(direction: 'up' | 'down'): void
  onRest(): void
  onPinnedChange(pinned: boolean): void
  /** True when the newest entry of the conversation is the last row in the DOM. */
  isLiveEnd(): boolean
}

/**
 * Owns the scroll position of the timeline. Browsers disagree about scroll anchoring, so theirs is off and this
 * keeps the view still: before every change it remembers visible rows and where they are, after it the first of
 * them that still exists is put back to the pixel. Pinned to the live end it keeps the distance to the end at 0.
 */
export class Scroller {
  #view: HTMLElement
  #content: HTMLElement
  #clock: Clock
  #events: ScrollerEvents
  #observer: ResizeObserver
  #pinned = true
  #anchors: readonly Anchor[] = []
  #aim: { readonly key: string; readonly place: Place } | undefined
  #lastTop = 0
  #lastSize = ''
  /** A movement that was noticed before its scroll event. */
  #unreported: 'up' | 'down' | undefined
  #cancelRest: Cancel | undefined

  /** Listens until `dispose`. `content` is the only child of `view` and holds the rows. */
  constructor(view: HTMLElement, content: HTMLElement, clock: Clock, events: ScrollerEvents) {
    this.#view = view
    this.#content = content
    this.#clock = clock
    this.#events = events
    this.#observer = new ResizeObserver(() => {
      if (this.#sizeNow() !== this.#lastSize) {
        this.restore()
      }
    })
    this.#observer.observe(view)
    this.#observer.observe(content)
    view.addEventListener('scroll', this.#onScroll, { passive: true })
    view.addEventListener('wheel', this.#onWheel, { passive: true })
  }

  dispose(): void {
    this.#observer.disconnect()
    this.#cancelRest?.()
    this.#view.removeEventListener('scroll', this.#onScroll)
    this.#view.removeEventListener('wheel', this.#onWheel)
  }

  get pinned(): boolean {
    return this.#pinned
  }

  get distanceToStart(): number {
    return this.#view.scrollTop
  }

  get distanceToEnd(): number {
    return distanceToEnd(this.#view)
  }

  /** Height of the visible part, pixels. */
  get height(): number {
    return this.#view.clientHeight
  }

  /** The view follows the live end, or stops following it, from the next `restore` on. */
  pin(pinned: boolean): void {
    if (pinned !== this.#pinned) {
      this.#pinned = pinned
      this.#events.onPinnedChange(pinned)
    }
  }

  /** Puts the row of `key` to `place` in the first `restore` that finds it. */
  aim(key: string, place: Place): void {
    this.#aim = { key, place }
  }

  /** The row around `inside` keeps its top in the next `restore`, whatever its height becomes. */
  holdTop(inside: Element): void {
    const row = inside.closest<HTMLElement>('[data-key]')
    if (row !== null) {
      const top = row.getBoundingClientRect().top - this.#view.getBoundingClientRect().top
      this.aim(row.dataset['key'] ?? '', { top })
    }
  }

  /** Call before the DOM changes. */
  capture(): void {
    if (this.#sizeNow() === this.#lastSize) {
      this.#notice()
      this.#remember()
    } else {
      // Something changed the size meanwhile (a composer that grew): the old anchors are the true ones.
      this.restore()
    }
  }

  /** Call after the DOM changed, before paint. */
  restore(): void {
    const aim = this.#aim
    const target = aim === undefined ? null : rowOf(this.#content, aim.key)
    if (aim !== undefined && target !== null) {
      this.#aim = undefined
      this.#write(this.#view.scrollTop + deltaToPlace(this.#view, target, aim.place))
      this.pin(this.#events.isLiveEnd() && this.distanceToEnd < 1)
    } else if (this.#pinned) {
      this.#write(this.#view.scrollHeight)
    } else {
      this.#write(this.#view.scrollTop + deltaToAnchor(this.#view, this.#content, this.#anchors))
    }
    this.#remember()
  }

  /** Rows on the screen, bottom-most first. */
  visible(): readonly HTMLElement[] {
    return visibleRows(this.#view, this.#content)
  }

  row(key: string): HTMLElement | null {
    return rowOf(this.#content, key)
  }

  /** The bottom-most visible row and its place, to come back to. */
  bookmark(): Anchor | undefined {
    return anchorsNow(this.#view, this.#content)[0]
  }

  scrollBy(pixels: number): void {
    this.#view.scrollBy({ top: pixels, behavior: 'instant' })
  }

  #onScroll = (): void => {
    // A changed size means the browser moved the view itself; the resize observer puts it right in this frame.
    if (this.#sizeNow() !== this.#lastSize) {
      return
    }
    this.#notice()
    const direction = this.#unreported
    this.#unreported = undefined
    if (direction !== undefined) {
      this.#moved(direction)
    }
  }

  /** Takes over where the person scrolled to; the browser may tell of it later than other things happen. */
  #notice(): void {
    const delta = this.#view.scrollTop - this.#lastTop
    if (Math.abs(delta) < 1) {
      return
    }
    this.#lastTop = this.#view.scrollTop
    this.#unreported = delta < 0 ? 'up' : 'down'
    if (delta < 0) {
      this.pin(false)
    } else if (this.distanceToEnd < 1 && this.#events.isLiveEnd()) {
      this.pin(true)
    }
    this.#remember()
  }

  #onWheel = (event: WheelEvent): void => {
    if (event.deltaY === 0 || event.ctrlKey || this.#sizeNow() !== this.#lastSize) {
      return
    }
    this.#notice()
    const up = event.deltaY < 0
    if (up && this.#view.scrollTop > 0) {
      // At once: in a flood every frame would write the end over the beginning of a smooth scroll.
      this.pin(false)
    }
    // At an edge nothing scrolls any more, and pushing on is still a wish for more.
    if (this.#unreported === undefined && (up ? this.#view.scrollTop <= 0 : this.distanceToEnd < 1)) {
      this.#moved(up ? 'up' : 'down')
    }
  }

  #moved(direction: 'up' | 'down'): void {
    this.#cancelRest?.()
    this.#cancelRest = this.#clock.after(REST_MS, () => {
      this.pin(this.#events.isLiveEnd() && this.distanceToEnd < PIN_SLACK_PX)
      this.#events.onRest()
    })
    this.#events.onScroll(direction)
  }

  #write(top: number): void {
    this.#view.scrollTop = top
    this.#lastTop = this.#view.scrollTop
  }

  #remember(): void {
    this.#anchors = anchorsNow(this.#view, this.#content)
    this.#lastSize = this.#sizeNow()
  }

  #sizeNow(): string {
    return `${this.#view.clientWidth} ${this.#view.clientHeight} ${this.#content.offsetHeight}`
  }
}

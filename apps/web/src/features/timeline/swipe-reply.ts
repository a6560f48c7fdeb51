import type { Cancel, Clock } from '@tam/util'
import { EDGE_ZONE_PX, kindOfMove, type Touch } from '../../layout/edge-swipe.logic.ts'
import { offsetOf, REPLY_AT_PX } from './swipe-reply.logic.ts'

/** A message is back in its place this long after the finger left; `timeline.css` has the same. */
const SETTLE_MS = 200

interface SwipeReplyOptions {
  /** What holds the rows. */
  readonly content: HTMLElement
  /** Copied into the row that moves, at its left. */
  readonly mark: HTMLElement
  readonly clock: Clock
  /** Whether the row holds something that can be answered. */
  readonly mayReply: (row: HTMLElement) => boolean
  readonly onReply: (row: HTMLElement) => void
}

interface Swipe {
  readonly row: HTMLElement
  readonly from: Touch
  /** There once the movement is known to be a swipe. */
  mark: HTMLElement | undefined
  along: number
}

/** Moves a message with a finger that goes right, and answers it when it was let go far enough. */
export class SwipeReply {
  #options: SwipeReplyOptions
  #swipe: Swipe | undefined
  #listeners = new AbortController()
  /** Set while a row goes back to its place. */
  #settling: { readonly cancel: Cancel; readonly swipe: Swipe } | undefined

  constructor(options: SwipeReplyOptions) {
    this.#options = options
    const { content } = options
    const { signal } = this.#listeners
    content.addEventListener('touchstart', (event) => this.#begin(event), { signal, passive: true })
    content.addEventListener('touchmove', (event) => this.#move(event), { signal, passive: false })
    content.addEventListener('touchend', () => this.#end(true), { signal, passive: true })
    content.addEventListener('touchcancel', () => this.#end(false), { signal, passive: true })
  }

  dispose(): void {
    this.#listeners.abort()
    this.#end(false)
    this.#settled()
  }

  #begin(event: TouchEvent): void {
    this.#end(false)
    const touch = event.touches[0]
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.message-row') : null
    const isOne = touch !== undefined && event.touches.length === 1
    // What begins at the edge goes back to the list.
    if (isOne && row !== null && touch.clientX > EDGE_ZONE_PX && this.#options.mayReply(row)) {
      this.#swipe = { row, from: touchOf(event, touch), mark: undefined, along: 0 }
    }
  }

  #move(event: TouchEvent): void {
    const swipe = this.#swipe
    const touch = event.touches[0]
    if (swipe === undefined || touch === undefined) {
      return
    }
    const now = touchOf(event, touch)
    if (swipe.mark === undefined) {
      const kind = kindOfMove(swipe.from, now)
      if (kind !== 'swipe') {
        this.#swipe = kind === 'other' ? undefined : swipe
        return
      }
      this.#settled()
      swipe.mark = this.#markIn(swipe.row)
    }
    event.preventDefault()
    swipe.along = now.x - swipe.from.x
    swipe.mark.toggleAttribute('data-due', swipe.along >= REPLY_AT_PX)
    swipe.row.style.setProperty('transform', `translateX(${offsetOf(swipe.along)}px)`)
  }

  #markIn(row: HTMLElement): HTMLElement {
    const mark = this.#options.mark.cloneNode(true) as HTMLElement
    mark.hidden = false
    row.dataset['swipe'] = 'following'
    return row.appendChild(mark)
  }

  #end(mayReply: boolean): void {
    const swipe = this.#swipe
    this.#swipe = undefined
    if (swipe?.mark === undefined) {
      return
    }
    swipe.row.dataset['swipe'] = 'settling'
    swipe.row.style.setProperty('transform', 'none')
    this.#settling = { swipe, cancel: this.#options.clock.after(SETTLE_MS, () => this.#settled()) }
    if (mayReply && swipe.along >= REPLY_AT_PX) {
      this.#options.onReply(swipe.row)
    }
  }

  #settled(): void {
    const settling = this.#settling
    this.#settling = undefined
    settling?.cancel()
    settling?.swipe.mark?.remove()
    settling?.swipe.row.style.removeProperty('transform')
    delete settling?.swipe.row.dataset['swipe']
  }
}

function touchOf(
  { timeStamp }: TouchEvent,
  touch: { readonly clientX: number; readonly clientY: number },
): Touch {
  return { x: touch.clientX, y: touch.clientY, at: timeStamp }
}

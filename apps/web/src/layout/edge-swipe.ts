import type { Cancel, Clock } from '@tam/util'
import { EDGE_ZONE_PX, goesThrough, kindOfMove, type Touch } from './edge-swipe.logic.ts'

/** The page is gone, or back in its place, this long after the finger left; `shell.css` has the same. */
const SETTLE_MS = 250
/** Speed is what the finger did in this time. */
const SPEED_OVER_MS = 60
/** Room for the history to answer before what the gesture moved is put back. */
const RESET_AFTER_MS = 400

interface Swipe {
  readonly from: Touch
  readonly recent: Touch[]
}

/** Moves the topmost page of `panes` with a finger from the left edge, and calls `onBack` when it went out. */
export class EdgeSwipe {
  #panes: HTMLElement
  #clock: Clock
  #onBack: () => void
  #swipe: Swipe | undefined
  #listeners = new AbortController()
  /** Set while a page moves. */
  #page: HTMLElement | undefined
  #cancel: Cancel | undefined

  constructor(panes: HTMLElement, clock: Clock, onBack: () => void) {
    this.#panes = panes
    this.#clock = clock
    this.#onBack = onBack
    const { signal } = this.#listeners
    panes.addEventListener('touchstart', (event) => this.#begin(event), { signal, passive: true })
    panes.addEventListener('touchmove', (event) => this.#move(event), { signal, passive: false })
    panes.addEventListener('touchend', () => this.#end(true), { signal, passive: true })
    panes.addEventListener('touchcancel', () => this.#end(false), { signal, passive: true })
  }

  dispose(): void {
    this.#listeners.abort()
    this.#cancel?.()
    this.#reset()
  }

  #begin(event: TouchEvent): void {
    const touch = event.touches[0]
    const free = this.#cancel === undefined && event.touches.length === 1
    if (free && touch !== undefined && touch.clientX <= EDGE_ZONE_PX) {
      const from = touchOf(event, touch)
      this.#swipe = { from, recent: [from] }
    } else {
      this.#end(false)
    }
  }

  #move(event: TouchEvent): void {
    const swipe = this.#swipe
    const touch = event.touches[0]
    if (swipe === undefined || touch === undefined) {
      return
    }
    const now = touchOf(event, touch)
    this.#page ??= this.#claim(swipe.from, now)
    if (this.#page === undefined) {
      return
    }
    event.preventDefault()
    swipe.recent.push(now)
    while (swipe.recent.length > 2 && now.at - (swipe.recent[0]?.at ?? 0) > SPEED_OVER_MS) {
      swipe.recent.shift()
    }
    this.#page.style.setProperty('transform', `translateX(${Math.max(0, now.x - swipe.from.x)}px)`)
  }

  /** What moves with the finger, once the movement is known to be a swipe. */
  #claim(from: Touch, now: Touch): HTMLElement | undefined {
    const kind = kindOfMove(from, now)
    if (kind === 'other') {
      this.#swipe = undefined
    }
    if (kind !== 'swipe') {
      return undefined
    }
    this.#panes.dataset['swiping'] = 'following'
    return topmost(this.#panes)
  }

  #end(mayGo: boolean): void {
    const swipe = this.#swipe
    this.#swipe = undefined
    const [before, last] = [swipe?.recent[0], swipe?.recent.at(-1)]
    if (swipe === undefined || this.#page === undefined || before === undefined || last === undefined) {
      return
    }
    const goes = mayGo && goesThrough(swipe.from, before, last, this.#panes.clientWidth)
    this.#panes.dataset['swiping'] = 'settling'
    this.#page.style.setProperty('transform', goes ? 'translateX(100%)' : 'none')
    this.#cancel = this.#clock.after(this.#settleMs(), () => (goes ? this.#go() : this.#reset()))
  }

  #go(): void {
    this.#cancel = this.#clock.after(RESET_AFTER_MS, () => this.#reset())
    this.#onBack()
  }

  #reset(): void {
    this.#cancel = undefined
    this.#page?.style.removeProperty('transform')
    this.#page = undefined
    delete this.#panes.dataset['swiping']
  }

  #settleMs(): number {
    return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : SETTLE_MS
  }
}

/** Where the finger was when the screen noticed, not when the page got round to it: speed depends on that. */
function touchOf(
  { timeStamp }: TouchEvent,
  touch: { readonly clientX: number; readonly clientY: number },
): Touch {
  return { x: touch.clientX, y: touch.clientY, at: timeStamp }
}

/** The panel that lies on top, else the conversation. */
function topmost(panes: HTMLElement): HTMLElement | undefined {
  const layers = panes.querySelectorAll<HTMLElement>('.panel-layer')
  const top = layers.length > 1 ? layers[layers.length - 1] : panes.querySelector<HTMLElement>('.panel')
  return top ?? panes.querySelector<HTMLElement>('.pane-main') ?? undefined
}

import type { ConversationHandle } from '@tam/client'
import type { NextFrame } from './frame.ts'

/** Pages fetched without a gesture until the screen is full: 500 people added at once are one line of it. */
export const FILL_MAX = 12

/**
 * Fetches pages: one request at a time, the next only after the page of the last was painted. Callers ask when the
 * person scrolls, so a page that arrives never asks for another by itself. A failed edge waits for `retry`.
 */
export class HistoryPager {
  #handle: ConversationHandle
  #nextFrame: NextFrame
  #busy = false
  #fills = 0

  constructor(handle: ConversationHandle, nextFrame: NextFrame) {
    this.#handle = handle
    this.#nextFrame = nextFrame
  }

  /** Fetches one page at an edge where there is more, unless that edge failed last time. */
  request(edge: 'before' | 'after'): void {
    const { hasBefore, hasAfter, failed } = this.#handle.timeline.get()
    const more = edge === 'before' ? hasBefore : hasAfter
    if (more && failed !== edge) {
      this.#load(edge)
    }
  }

  /** Fetches earlier messages because those loaded do not fill the screen; gives up after a few pages. */
  fill(): void {
    if (this.#fills < FILL_MAX && !this.#busy) {
      this.#fills++
      this.request('before')
    }
  }

  retry(edge: 'before' | 'after'): void {
    this.#load(edge)
  }

  #load(edge: 'before' | 'after'): void {
    if (this.#busy) {
      return
    }
    this.#busy = true
    const page = edge === 'before' ? this.#handle.loadBefore() : this.#handle.loadAfter()
    const painted = (): void => {
      // One frame draws the page, the next begins after it was painted.
      this.#nextFrame(() => this.#nextFrame(() => (this.#busy = false)))
    }
    // The failure is shown from `timeline.failed`.
    page.then(painted, painted)
  }
}

import type { HistoryPager } from './history-pager.ts'
import type { Scroller } from './scroller.ts'
import type { TimelineModel } from './timeline-model.ts'
import { SPAN_STEP } from './window.logic.ts'

/** Pixels to an edge at which more is drawn or fetched; at least one screen. */
const NEAR_PX = 600

export type Direction = 'up' | 'down'

/** Keeps a screen of rows drawn beyond both edges of the view, and asks for pages where rows run out. */
export class Growth {
  #model: TimelineModel
  #pager: HistoryPager

  constructor(model: TimelineModel, pager: HistoryPager) {
    this.#model = model
    this.#pager = pager
  }

  /** The person scrolled. Returns whether other rows are to be drawn. */
  onScroll(scroller: Scroller, direction: Direction): boolean {
    if (!isNear(scroller, direction)) {
      return false
    }
    const grown = this.grow(scroller, direction)
    if (this.#model.undrawn(direction) < SPAN_STEP) {
      this.#pager.request(direction === 'up' ? 'before' : 'after')
    }
    return grown
  }

  /** A step at each edge that is near, as long as nothing has to give way. Returns whether rows are to be drawn. */
  growNear(scroller: Scroller): boolean {
    const up = isNear(scroller, 'up') && this.#model.hasRoom() && this.grow(scroller, 'up')
    const down = isNear(scroller, 'down') && this.#model.hasRoom() && this.grow(scroller, 'down')
    return up || down
  }

  /** Fetches without a gesture, but only while everything loaded does not fill the screen. */
  fetchToFill(scroller: Scroller): void {
    if (this.#model.items.length > 0 && scroller.distanceToStart + scroller.distanceToEnd < 1) {
      this.#pager.fill()
    }
  }

  /** Draws a step more of what is loaded; false when there is no more. */
  grow(scroller: Scroller, direction: Direction): boolean {
    const visible = scroller.visible()
    return direction === 'up'
      ? this.#model.growBefore(visible[0]?.dataset['key'])
      : this.#model.growAfter(visible.at(-1)?.dataset['key'])
  }
}

function isNear(scroller: Scroller, direction: Direction): boolean {
  const distance = direction === 'up' ? scroller.distanceToStart : scroller.distanceToEnd
  return distance < Math.max(NEAR_PX, scroller.height)
}

import type { ConversationHandle } from '@tam/client'
import { PIN_SLACK_PX, type Scroller } from './scroller.ts'
import type { TimelineModel } from './timeline-model.ts'
import type { UnreadWatch } from './unread-watch.ts'
import { countBelow } from './unread.logic.ts'
import type { OverlayState } from './view-state.ts'

interface OverlayParts {
  readonly handle: ConversationHandle
  readonly me: string
  readonly model: TimelineModel
  readonly unread: UnreadWatch
}

/** Works out what floats over the rows from what is on the screen. */
export class Overlay {
  #parts: OverlayParts
  #seenSeq = 0

  constructor(parts: OverlayParts) {
    this.#parts = parts
  }

  look(scroller: Scroller): OverlayState {
    const visible = scroller.visible()
    this.#seenSeq = Math.max(this.#seenSeq, Number(visible[0]?.dataset['seq'] ?? 0))
    return {
      below: this.#below(scroller),
      unreadAbove: this.#unreadAbove(visible.at(-1)?.dataset['key'], visible[0]?.dataset['key']),
    }
  }

  #below(scroller: Scroller): number | null {
    const { model, handle, me } = this.#parts
    if (scroller.pinned || (model.isLiveEnd && scroller.distanceToEnd < PIN_SLACK_PX)) {
      return null
    }
    const summary = handle.summary.get()
    // What was read before is not new, wherever the conversation opened.
    return model.timeline.hasAfter
      ? (summary?.unread ?? 0)
      : countBelow(model.items, Math.max(this.#seenSeq, summary?.read ?? 0), me)
  }

  #unreadAbove(topKey: string | undefined, bottomKey: string | undefined): OverlayState['unreadAbove'] {
    const { model, unread } = this.#parts
    const top = model.indexOfKey(topKey)
    if (unread.line === null || unread.dismissed || top === undefined) {
      return null
    }
    const { after, count } = unread.line
    const first = model.firstUnread(after)
    if (first.place === 'before') {
      return { count, at: null }
    }
    if (first.place === 'loaded' && first.index < top) {
      return { count, at: first.at }
    }
    if (first.place === 'loaded' && first.index <= (model.indexOfKey(bottomKey) ?? -1)) {
      // The line is on the screen: nothing left to point at.
      unread.dismiss()
    }
    return null
  }
}

import type { ConversationHandle, Timeline } from '@tam/client'
import type { Highlight } from './highlight.ts'
import type { LeftOff } from './left-off.ts'
import type { Scroller } from './scroller.ts'
import { firstUnreadAt, type Start, type Target } from './starting-point.ts'
import type { TimelineModel } from './timeline-model.ts'
import type { UnreadWatch } from './unread-watch.ts'
import { newestSeq } from './unread.logic.ts'
import { statusOf } from './view-state.ts'

interface TravelParts {
  readonly handle: ConversationHandle
  readonly model: TimelineModel
  readonly unread: UnreadWatch
  readonly leftOff: LeftOff
  readonly highlight: Highlight
  /** Undefined while nothing is mounted. */
  readonly scroller: () => Scroller | undefined
  /** Other rows are to be drawn. */
  readonly onRows: () => void
}

/** Brings the view to a place: where the conversation opens, and where the person jumps to. */
export class Travel {
  #parts: TravelParts
  /** Where to begin; undefined once the view is in its place. */
  #start: Start | undefined = { way: 'tail' }
  /** Grows with every jump: one that was overtaken changes nothing any more. */
  #jump = 0

  constructor(parts: TravelParts) {
    this.#parts = parts
  }

  /** The view has been brought to its first place. */
  get arrived(): boolean {
    return this.#start === undefined
  }

  /** Sets where to begin, once there is something to show. */
  startAt(start: Start): void {
    this.#start = start
  }

  /** Something is loaded: goes to the first place, or where one left off reading if that turned up only now. */
  onLoaded(): void {
    if (this.#start !== undefined) {
      this.#begin(this.#start)
      return
    }
    const due = this.#parts.leftOff.due(newestSeq(this.#parts.model.items))
    if (due === undefined) {
      this.#parts.onRows()
    } else {
      this.to(due).catch(() => {})
    }
  }

  /** Brings `target` into view, loading it when needed. Rejects with TamError. */
  async to(target: Target): Promise<void> {
    const { handle, leftOff, model, onRows, scroller } = this.#parts
    const jump = ++this.#jump
    leftOff.onMoved()
    model.take(handle.timeline.get(), false)
    if (model.indexOfLoaded(target.seq) === undefined) {
      await handle.jumpTo(target.seq)
      if (jump !== this.#jump) {
        // The person went somewhere else meanwhile.
        return
      }
      model.take(handle.timeline.get(), false)
    }
    this.#start = undefined
    scroller()?.pin(false)
    this.#aim(target)
    onRows()
  }

  /** To the exact first unread message, which is then not pointed at any more. Rejects with TamError. */
  async toUnread(): Promise<void> {
    const { line } = this.#parts.unread
    this.#parts.unread.dismiss()
    if (line !== null) {
      await this.to(firstUnreadAt(line))
    }
  }

  /** To the live end, loading it when needed. Rejects with TamError. */
  async toLatest(): Promise<void> {
    const { handle } = this.#parts
    this.#jump++
    try {
      await handle.jumpToLatest()
    } finally {
      if (!handle.timeline.get().hasAfter) {
        this.showTail()
      }
    }
  }

  /** The newest rows, followed from now on. */
  showTail(): void {
    const { handle, leftOff, model, onRows, scroller } = this.#parts
    this.#jump++
    leftOff.onMoved()
    this.#start = undefined
    scroller()?.pin(true)
    model.takeTail(handle.timeline.get())
    onRows()
  }

  /** The timeline to tell about: until the view is in its place, nothing of it is drawn. */
  get timeline(): Timeline {
    const { handle, model } = this.#parts
    return this.arrived ? model.timeline : handle.timeline.get()
  }

  #begin(start: Start): void {
    const { handle, leftOff, onRows } = this.#parts
    if (start.way === 'going' || statusOf(handle.timeline.get()) !== 'ready') {
      onRows()
      return
    }
    const target = start.way === 'target' ? start.target : leftOff.target
    if (target === undefined) {
      this.showTail()
      leftOff.onOpenedAtEnd()
      return
    }
    this.#start = { way: 'going' }
    // Not to be had now: the live end is better than nothing.
    this.to(target).catch(() => this.showTail())
  }

  #aim({ seq, place, highlight }: Target): void {
    const { model, scroller } = this.#parts
    const index = model.indexOfLoaded(seq)
    const item = index === undefined ? undefined : model.items[index]
    if (index !== undefined && item !== undefined) {
      model.showAround(index)
      scroller()?.aim(item.key, place)
      if (highlight) {
        this.#parts.highlight.show(item.key)
      }
    }
  }
}

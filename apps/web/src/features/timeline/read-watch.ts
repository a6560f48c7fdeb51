import type { ConversationHandle, Readable } from '@tam/client'
import type { Clock } from '@tam/util'
import { createReadTracker, type ReadTracker } from './read-tracker.logic.ts'
import { RowSight } from './row-sight.ts'

interface ReadWatchOptions {
  readonly handle: ConversationHandle
  readonly clock: Clock
  readonly attention: Readable<boolean>
}

/** Moves the read position by what is really looked at: rows on the screen of an attended page. */
export class ReadWatch {
  #options: ReadWatchOptions
  #tracker: ReadTracker
  #sight: RowSight

  constructor(options: ReadWatchOptions) {
    this.#options = options
    this.#tracker = createReadTracker(options.clock, (seq) => this.markRead(seq))
    this.#sight = new RowSight(this.#tracker)
  }

  /** Watches until the returned function is called. */
  start(): () => void {
    const { attention } = this.#options
    this.#tracker.setActive(attention.get())
    const unsubscribe = attention.subscribe(() => this.#tracker.setActive(attention.get()))
    return () => {
      unsubscribe()
      this.#tracker.stop()
    }
  }

  /** Watches a row's visibility for as long as it is in the DOM. */
  readonly observe = (row: HTMLElement): (() => void) => this.#sight.observe(row)

  markRead(seq: number): void {
    const { handle } = this.#options
    if (seq > (handle.summary.get()?.read ?? 0)) {
      handle.markRead(seq)
    }
  }
}

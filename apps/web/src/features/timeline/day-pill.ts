import type { Cancel, Clock } from '@tam/util'
import { createState } from '../../platform/state.ts'

/** The date stays over the rows for this long after scrolling stopped. */
const HIDE_MS = 1_000

/** The day one is scrolling through. */
export class DayPill {
  /** Time of the top row while scrolling, else null. */
  readonly state = createState<string | null>(null)
  #clock: Clock
  #cancel: Cancel | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  show(at: string | null): void {
    this.stop()
    this.state.set(at)
  }

  rest(): void {
    this.stop()
    this.#cancel = this.#clock.after(HIDE_MS, () => this.state.set(null))
  }

  stop(): void {
    this.#cancel?.()
  }
}

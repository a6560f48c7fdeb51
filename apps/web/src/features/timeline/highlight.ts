import type { Cancel, Clock } from '@tam/util'

/** A message that was jumped to stays marked for this long. */
export const HIGHLIGHT_MS = 2_000

/** The one marked row. */
export class Highlight {
  #clock: Clock
  #onEnd: () => void
  #key: string | null = null
  #cancel: Cancel | undefined

  constructor(clock: Clock, onEnd: () => void) {
    this.#clock = clock
    this.#onEnd = onEnd
  }

  get key(): string | null {
    return this.#key
  }

  show(key: string): void {
    this.stop()
    this.#key = key
    this.#cancel = this.#clock.after(HIGHLIGHT_MS, () => {
      this.#key = null
      this.#onEnd()
    })
  }

  stop(): void {
    this.#cancel?.()
  }
}

import type { Cancel, Clock } from '@tam/util'

/** Milliseconds in which moves of one's read position are collected into one frame. */
const COLLECT_MS = 200

/** Tells the server how far one has read. What a lost connection swallowed is told again after the next sync. */
export class ReadPositions {
  readonly #clock: Clock
  /** Sends the position as it is then. */
  readonly #send: (conv: string) => void
  readonly #moved = new Map<string, Cancel>()

  constructor(options: { clock: Clock; send: (conv: string) => void }) {
    this.#clock = options.clock
    this.#send = options.send
  }

  moved(conv: string): void {
    if (!this.#moved.has(conv)) {
      const cancel = this.#clock.after(COLLECT_MS, () => {
        this.#moved.delete(conv)
        this.#send(conv)
      })
      this.#moved.set(conv, cancel)
    }
  }

  /** Tells what is collected now: the page may be killed without another word. */
  flush(): void {
    const moved = [...this.#moved.keys()]
    this.clear()
    moved.forEach(this.#send)
  }

  clear(): void {
    for (const cancel of this.#moved.values()) {
      cancel()
    }
    this.#moved.clear()
  }
}

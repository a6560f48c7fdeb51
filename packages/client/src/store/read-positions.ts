import type { Cancel, Clock } from '@tam/util'

/** Milliseconds in which moves of one's read position are collected into one frame. */
const COLLECT_MS = 200

/** Tells the server how far one has read. What a lost connection swallowed is told again after the next sync. */
export class ReadPositions {
  readonly #clock: Clock
  readonly #send: (conv: string, seq: number) => void
  readonly #pending = new Map<string, { seq: number; cancel: Cancel }>()

  constructor(options: { clock: Clock; send: (conv: string, seq: number) => void }) {
    this.#clock = options.clock
    this.#send = options.send
  }

  moved(conv: string, seq: number): void {
    const pending = this.#pending.get(conv)
    if (pending !== undefined) {
      pending.seq = Math.max(pending.seq, seq)
      return
    }
    const cancel = this.#clock.after(COLLECT_MS, () => {
      const due = this.#pending.get(conv)
      this.#pending.delete(conv)
      this.#send(conv, due?.seq ?? seq)
    })
    this.#pending.set(conv, { seq, cancel })
  }

  clear(): void {
    for (const { cancel } of this.#pending.values()) {
      cancel()
    }
    this.#pending.clear()
  }
}

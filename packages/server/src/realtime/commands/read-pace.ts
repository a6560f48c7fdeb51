import type { Cancel, Clock } from '@tam/util'
import { READ_PACE_MS } from '../limits.ts'

interface Turn {
  /** The furthest position that came since the last one was taken, and what takes it. */
  next: { readonly seq: number; readonly take: (seq: number) => void } | undefined
  cancel: Cancel
}

/**
 * Takes read positions one at a time: each costs a commit and a frame for every member. The first of a person in a
 * conversation is taken at once; of those that come within READ_PACE_MS after one, the furthest is taken then.
 */
export class ReadPace {
  readonly #clock: Pick<Clock, 'after'>
  /** One per person and conversation whose last position was taken less than READ_PACE_MS ago. */
  readonly #turns = new Map<string, Turn>()

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock
  }

  admit(user: string, conv: string, seq: number, take: (seq: number) => void): void {
    const key = `${user} ${conv}`
    const turn = this.#turns.get(key)
    if (turn === undefined) {
      this.#begin(key)
      take(seq)
    } else if (turn.next === undefined || turn.next.seq < seq) {
      turn.next = { seq, take }
    }
  }

  /** Forgets the positions that wait; their clients tell them again after the next sync. */
  stop(): void {
    for (const { cancel } of this.#turns.values()) {
      cancel()
    }
    this.#turns.clear()
  }

  #begin(key: string): void {
    const turn: Turn = {
      next: undefined,
      cancel: this.#clock.after(READ_PACE_MS, () => this.#end(key, turn)),
    }
    this.#turns.set(key, turn)
  }

  #end(key: string, { next }: Turn): void {
    this.#turns.delete(key)
    if (next !== undefined) {
      this.#begin(key)
      next.take(next.seq)
    }
  }
}

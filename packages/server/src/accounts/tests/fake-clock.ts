import type { Cancel, Clock } from '@tam/util'

interface Timer {
  due: number
  readonly periodMs: number | undefined
  readonly fn: () => void
}

/** Time that moves only by `advance`, firing what falls due, in order. */
export class FakeClock implements Clock {
  #ms = Date.parse('2026-09-01T08:00:00.000Z')
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#ms
  }

  monotonic(): number {
    return this.#ms
  }

  after(ms: number, fn: () => void): Cancel {
    return this.#add({ due: this.#ms + ms, periodMs: undefined, fn })
  }

  every(ms: number, fn: () => void): Cancel {
    return this.#add({ due: this.#ms + ms, periodMs: ms, fn })
  }

  advance(ms: number): void {
    const end = this.#ms + ms
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#ms = timer.due
      if (timer.periodMs === undefined) {
        this.#timers.delete(timer)
      } else {
        timer.due += timer.periodMs
      }
      timer.fn()
    }
    this.#ms = end
  }

  /** Timers that would still fire. */
  get pending(): number {
    return this.#timers.size
  }

  #add(timer: Timer): Cancel {
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0]
  }
}

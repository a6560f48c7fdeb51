import type { Clock } from '@tam/util'

/** A clock that jumps over every wait: timers fire at the next turn of the event loop, at their time. */
export class TestClock implements Clock {
  #ms = Date.parse('2026-09-01T08:00:00.000Z')

  now(): number {
    return this.#ms
  }

  monotonic(): number {
    return this.#ms
  }

  advance(ms: number): void {
    this.#ms += ms
  }

  after(ms: number, fn: () => void): () => void {
    const due = this.#ms + ms
    const timer = setTimeout(() => {
      this.#ms = Math.max(this.#ms, due)
      fn()
    }, 0)
    return () => clearTimeout(timer)
  }

  every(): () => void {
    return () => {}
  }
}

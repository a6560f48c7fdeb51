import type { Cancel, Clock } from '@tam/util'

interface Timer {
  due: number
  readonly everyMs: number | undefined
  readonly fn: () => void
}

/** The system's clock, which a test may move forward: what becomes due by that runs at once, in order. */
export class SkewedClock implements Clock {
  #skew = 0
  readonly #timers = new Set<Timer>()
  #alarm: ReturnType<typeof setTimeout> | undefined

  now(): number {
    return Date.now() + this.#skew
  }

  monotonic(): number {
    return performance.now() + this.#skew
  }

  after(ms: number, fn: () => void): Cancel {
    return this.#add({ due: this.monotonic() + ms, everyMs: undefined, fn })
  }

  every(ms: number, fn: () => void): Cancel {
    return this.#add({ due: this.monotonic() + ms, everyMs: ms, fn })
  }

  /** Moves on by `ms`, in steps of `stepMs`, so that what runs every second does. */
  async advance(ms: number, stepMs = 1_000): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.#skew += Math.min(left, stepMs)
      this.#run()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  #add(timer: Timer): Cancel {
    this.#timers.add(timer)
    this.#arm()
    return () => void this.#timers.delete(timer)
  }

  #run(): void {
    const now = this.monotonic()
    const due = [...this.#timers].filter((timer) => timer.due <= now).sort((a, b) => a.due - b.due)
    for (const timer of due) {
      if (timer.everyMs === undefined) {
        this.#timers.delete(timer)
      } else {
        timer.due = now + timer.everyMs
      }
      timer.fn()
    }
    this.#arm()
  }

  #arm(): void {
    clearTimeout(this.#alarm)
    const next = Math.min(...[...this.#timers].map(({ due }) => due))
    if (next !== Infinity) {
      this.#alarm = setTimeout(() => this.#run(), Math.max(0, next - this.monotonic()))
    }
  }
}

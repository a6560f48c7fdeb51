import type { Cancel, Clock } from '@tam/util'

interface Timer {
  at: number
  readonly order: number
  readonly everyMs: number | undefined
  readonly fn: () => void
}

/** A clock that stands still until it is told to go on. Timers run in the order they are due. */
export class FakeClock implements Clock {
  #now: number
  #monotonic = 0
  #order = 0
  readonly #timers = new Set<Timer>()

  constructor(startAt = Date.UTC(2026, 0, 1)) {
    this.#now = startAt
  }

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  after(ms: number, fn: () => void): Cancel {
    return this.#add(ms, undefined, fn)
  }

  every(ms: number, fn: () => void): Cancel {
    return this.#add(ms, ms, fn)
  }

  /** Timers that have not run or been cancelled. */
  get pending(): number {
    return this.#timers.size
  }

  /** Milliseconds until the next timer; undefined when there is none. */
  untilNext(): number | undefined {
    const next = this.#next()
    return next && next.at - this.#monotonic
  }

  /** Lets `ms` pass, running what becomes due at its moment. */
  advance(ms: number): void {
    const until = this.#monotonic + ms
    for (let next = this.#next(); next !== undefined && next.at <= until; next = this.#next()) {
      this.#goTo(next.at)
      this.#run(next)
    }
    this.#goTo(until)
  }

  /** Wall time jumps while timers stand still: a laptop sleeping, somebody setting the clock. */
  jump(ms: number): void {
    this.#now += ms
  }

  #add(ms: number, everyMs: number | undefined, fn: () => void): Cancel {
    const timer = { at: this.#monotonic + Math.max(0, ms), order: this.#order++, everyMs, fn }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  #next(): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) {
        next = timer
      }
    }
    return next
  }

  #goTo(monotonic: number): void {
    this.#now += monotonic - this.#monotonic
    this.#monotonic = monotonic
  }

  #run(timer: Timer): void {
    if (timer.everyMs === undefined) {
      this.#timers.delete(timer)
    } else {
      timer.at += timer.everyMs
    }
    timer.fn()
  }
}

/** Cancels a timer; calling it twice is harmless. */
export type Cancel = () => void

/** The only source of time in the core, so that tests can own it. */
export interface Clock {
  /** Wall time, milliseconds since the Unix epoch. For display and expiry only, never for order. */
  now(): number
  /** Monotonic milliseconds from an arbitrary origin. For durations and deadlines. */
  monotonic(): number
  /** Calls `fn` once after `ms` milliseconds. */
  after(ms: number, fn: () => void): Cancel
  /** Calls `fn` every `ms` milliseconds. */
  every(ms: number, fn: () => void): Cancel
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms)
    return () => clearTimeout(timer)
  },
  every(ms, fn) {
    const timer = setInterval(fn, ms)
    return () => clearInterval(timer)
  },
}

/** Resolves after `ms` milliseconds of `clock`. */
export function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}

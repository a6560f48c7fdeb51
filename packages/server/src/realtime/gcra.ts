/** A rate limit as two numbers, for the generic cell rate algorithm. */
export interface Gcra {
  /** Milliseconds that one unit occupies. */
  readonly intervalMs: number
  /** How far ahead of the clock the arrival time may run, milliseconds. */
  readonly toleranceMs: number
}

/** `count` units per `periodMs`, up to `burst` at once, times `scale`. */
export function gcra(count: number, periodMs: number, burst: number, scale: number): Gcra {
  const intervalMs = periodMs / (count * scale)
  return { intervalMs, toleranceMs: burst * scale * intervalMs }
}

/**
 * Takes `cost` units from the bucket whose arrival time is `at`.
 * @returns the new arrival time, or −1 when there is no room
 */
export function take(limit: Gcra, at: number, now: number, cost = 1): number {
  const next = (at > now ? at : now) + cost * limit.intervalMs
  return next - now > limit.toleranceMs ? -1 : next
}

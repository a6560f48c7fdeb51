import type { Random } from './random.ts'

export interface BackoffOptions {
  /** Upper bound of the first delay, milliseconds. */
  baseMs: number
  /** Upper bound of every delay, milliseconds. */
  capMs: number
}

/**
 * Exponential backoff with full jitter: attempt n waits uniformly in [0, min(cap, base · 2ⁿ)).
 * @param attempt 0 for the first retry
 */
export function fullJitter(attempt: number, options: BackoffOptions, random: Random): number {
  return random.float() * Math.min(options.capMs, options.baseMs * 2 ** Math.min(attempt, 30))
}

import { type Clock, type Random, wait } from '@tam/util'

/** Milliseconds for which a commit lost to another server is remembered. */
export const CONTENDED_MS = 2_000
/** The longest pause after an own commit, in durations of that commit: others read and commit in it. */
const PAUSE_COMMITS = 4
/** Milliseconds; a slow store is not made slower by long pauses. */
const PAUSE_MS_MAX = 1_000

/**
 * Takes turns with other servers that append to the same log. Who has just committed knows the head and is ahead of all
 * who have to read it first, so that without pauses one server can keep the others out for seconds, while each of
 * their attempts slows its own. What waits meanwhile joins the next batch.
 */
export class Turns {
  readonly #clock: Clock
  readonly #random: Random
  #contendedUntil = 0
  #pauseMs = 0

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** Whether another server has been in the way lately. */
  get isContended(): boolean {
    return this.#clock.monotonic() < this.#contendedUntil
  }

  /** Another server was faster. */
  lost(): void {
    this.#contendedUntil = this.#clock.monotonic() + CONTENDED_MS
    this.#pauseMs = 0
  }

  /** An own commit has taken `ms`. */
  won(ms: number): void {
    this.#pauseMs = Math.min(PAUSE_MS_MAX, this.#random.float() * PAUSE_COMMITS * ms)
  }

  /** Leaves the others time after an own commit. */
  async pause(): Promise<void> {
    const pauseMs = this.#pauseMs
    this.#pauseMs = 0
    if (pauseMs > 0) {
      await wait(this.#clock, pauseMs)
    }
  }
}

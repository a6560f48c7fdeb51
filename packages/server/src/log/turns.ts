import { type Clock, type Random, wait } from '@tam/util'

/** Milliseconds for which a commit lost to another server is remembered. */
export const CONTENDED_MS = 2_000
/** Commits one after the other after which others get a turn, also when none has shown itself. */
export const TURN_COMMITS = 16
/** The longest pause after an own commit, in durations of that commit: others read and commit in it. */
const PAUSE_COMMITS = 4
/** Milliseconds; a slow store is not made slower by long pauses. */
const PAUSE_MS_MAX = 1_000

export interface TurnsOptions {
  readonly clock: Clock
  readonly random: Random
  /** Whether other processes append to the same log. */
  readonly isShared: boolean
}

/**
 * Takes turns with other servers that append to the same log. Who has just committed knows the head and is ahead of all
 * who have to read it first: without pauses one server keeps the others out for as long as it is busy, and learns
 * nothing of them. What waits meanwhile joins the next batch.
 */
export class Turns {
  readonly #options: TurnsOptions
  #contendedUntil = 0
  #pauseMs = 0
  #commits = 0

  constructor(options: TurnsOptions) {
    this.#options = options
  }

  /** Whether it is time to leave a turn to others, and to look what they have made of it. */
  get isOver(): boolean {
    const { clock, isShared } = this.#options
    return isShared && (this.#commits >= TURN_COMMITS || clock.monotonic() < this.#contendedUntil)
  }

  /** Another server was faster. */
  lost(): void {
    this.#contendedUntil = this.#options.clock.monotonic() + CONTENDED_MS
    this.#commits = 0
    this.#pauseMs = 0
  }

  /** An own commit has taken `ms`. */
  won(ms: number): void {
    this.#commits++
    this.#pauseMs = Math.min(PAUSE_MS_MAX, this.#options.random.float() * PAUSE_COMMITS * ms)
  }

  /** Leaves others time, after an own commit; goes on at once after a lost one. */
  async pause(): Promise<void> {
    const pauseMs = this.#pauseMs
    this.#commits = 0
    this.#pauseMs = 0
    if (pauseMs > 0) {
      await wait(this.#options.clock, pauseMs)
    }
  }
}

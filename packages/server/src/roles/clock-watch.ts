import type { Cancel, Clock } from '@tam/util'
import type { Logger } from '../observability/logger.ts'

/** A clock this far from another one raises an alarm, milliseconds. */
export const CLOCK_OFF_MS = 5_000
/** Between two comparisons, milliseconds. */
export const CLOCK_LOOK_MS = 30_000
/** An answer that took longer says too little. */
const ANSWER_MAX_MS = 1_000

/** A clock that other servers go by as well. */
export interface SharedClock {
  readonly name: string
  /** Wall milliseconds. */
  now(): Promise<number>
}

export interface ClockWatchDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly others: readonly SharedClock[]
}

/**
 * Compares the own wall clock with those of the engines. Nothing is ordered by clocks, so that one which is off makes
 * wrong times on screen and tokens that end early: an alarm, no reason to end.
 */
export class ClockWatch {
  readonly #deps: ClockWatchDeps
  readonly #offsets = new Map<string, number>()
  #cancel: Cancel = () => {}

  constructor(deps: ClockWatchDeps) {
    this.#deps = deps
  }

  /** Milliseconds by which the own clock is ahead of each of the others, as last compared. */
  get offsets(): ReadonlyMap<string, number> {
    return this.#offsets
  }

  start(): void {
    void this.look()
    this.#cancel = this.#deps.clock.every(CLOCK_LOOK_MS, () => void this.look())
  }

  stop(): void {
    this.#cancel()
  }

  async look(): Promise<void> {
    await Promise.all(this.#deps.others.map((other) => this.#compare(other).catch(() => {})))
  }

  async #compare(other: SharedClock): Promise<void> {
    const { clock } = this.#deps
    const asked = clock.monotonic()
    const theirs = await other.now()
    const took = clock.monotonic() - asked
    if (took <= ANSWER_MAX_MS) {
      this.#note(other.name, clock.now() - took / 2 - theirs)
    }
  }

  #note(name: string, offset: number): void {
    const wasOff = isOff(this.#offsets.get(name) ?? 0)
    this.#offsets.set(name, offset)
    const details = { clock: name, aheadMs: Math.round(offset) }
    if (isOff(offset)) {
      this.#deps.logger.error(details, 'the clock of this machine is off; set it by NTP')
    } else if (wasOff) {
      this.#deps.logger.info(details, 'the clock of this machine is right again')
    }
  }
}

function isOff(offset: number): boolean {
  return Math.abs(offset) > CLOCK_OFF_MS
}

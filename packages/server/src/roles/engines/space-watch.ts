import type { Cancel, Clock } from '@tam/util'
import type { Logger } from '../../observability/logger.ts'

/** For how long commits must fit before the disk is said to have space again, milliseconds. */
export const SPACE_REST_MS = 60_000

export interface SpaceWatchDeps {
  /** Of the database. */
  readonly path: string
  readonly clock: Pick<Clock, 'after'>
  readonly logger: Pick<Logger, 'error' | 'info'>
}

/**
 * Tells the operator when the disk of the database becomes full, and when it has had space for a while: a small commit
 * fits now and then where a large one does not.
 */
export class SpaceWatch {
  readonly #deps: SpaceWatchDeps
  #isFull = false
  #isTold = false
  #cancel: Cancel = () => {}

  constructor(deps: SpaceWatchDeps) {
    this.#deps = deps
  }

  /** Whether the last commit found no space. */
  get isFull(): boolean {
    return this.#isFull
  }

  note(isFull: boolean): void {
    const { path, clock, logger } = this.#deps
    this.#isFull = isFull
    this.#cancel()
    if (!isFull) {
      this.#cancel = clock.after(SPACE_REST_MS, () => {
        this.#isTold = false
        logger.info({ path }, 'the database has space again')
      })
    } else if (!this.#isTold) {
      this.#isTold = true
      logger.error({ path }, 'no space left for the database: people cannot write')
    }
  }
}

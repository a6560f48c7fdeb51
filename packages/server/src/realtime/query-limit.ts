import type { Clock } from '@tam/util'
import { AppError } from '../errors.ts'
import { type Gcra, gcra, take } from './gcra.ts'
import type { LocalUser } from './hub/state.ts'
import { QUERIES_BURST, QUERIES_PER_SECOND, SYNCED_PER_QUERY } from './limits.ts'

/** A page of history. */
export const HISTORY_COST = 1

/** A sync looks at every conversation. */
export function syncCost({ rooms }: LocalUser): number {
  return 1 + rooms.length / SYNCED_PER_QUERY
}

/**
 * What one person may have read here, over all their sockets: frames are cheap to send, their answers are not. A
 * reconnect of every device at once fits the burst many times.
 */
export class QueryLimit {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #rate: Gcra

  constructor(clock: Pick<Clock, 'monotonic'>, scale: number) {
    this.#clock = clock
    this.#rate = gcra(QUERIES_PER_SECOND, 1_000, QUERIES_BURST, scale)
  }

  /** @throws {AppError} rate_limited */
  charge(user: LocalUser, cost: number): void {
    const at = take(this.#rate, user.queriesAt, this.#clock.monotonic(), cost)
    if (at < 0) {
      throw new AppError('rate_limited')
    }
    user.queriesAt = at
  }
}

import type { Clock } from '@tam/util'
import { AppError } from '../errors.ts'
import { type Gcra, gcra, take } from './gcra.ts'
import type { LocalUser } from './hub/state.ts'
import { QUERIES_BURST, QUERIES_PER_SECOND, SYNCED_PER_QUERY } from './limits.ts'

/** A page of history. */
export const HISTORY_COST = 1
/** A look at who is on a screen. */
export const WATCH_COST = 1

/** A sync looks at every conversation. */
export function syncCost({ rooms }: LocalUser): number {
  return 1 + rooms.length / SYNCED_PER_QUERY
}

export interface QueryLimitDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  /** Runs `turn` once after the work of this tick. */
  readonly defer: (turn: () => void) => void
  readonly rateLimitScale: number
}

/**
 * What one person may have read here, over all their sockets: frames are cheap to send, their answers are not. A
 * reconnect of every device at once fits the burst many times. Each tick has one query of a person, because answers
 * from memory would otherwise come all in one, and everybody else would wait for them.
 */
export class QueryLimit {
  readonly #deps: QueryLimitDeps
  readonly #rate: Gcra

  constructor(deps: QueryLimitDeps) {
    this.#deps = deps
    this.#rate = gcra(QUERIES_PER_SECOND, 1_000, QUERIES_BURST, deps.rateLimitScale)
  }

  /** Resolves when it is the query's turn. @throws {AppError} rate_limited */
  async admit(user: LocalUser, cost: number): Promise<void> {
    const at = take(this.#rate, user.queriesAt, this.#deps.clock.monotonic(), cost)
    if (at < 0) {
      throw new AppError('rate_limited')
    }
    user.queriesAt = at
    const before = user.querying
    const turn = (before ?? Promise.resolve()).then(() => this.#nextTick())
    user.querying = turn
    void turn.finally(() => {
      if (user.querying === turn) {
        user.querying = null
      }
    })
    await before
  }

  #nextTick(): Promise<void> {
    return new Promise((resolve) => this.#deps.defer(resolve))
  }
}

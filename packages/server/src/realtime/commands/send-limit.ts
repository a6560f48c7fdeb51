import type { Cancel, Clock } from '@tam/util'
import { RATE_LIMITS, scaled, userBucket } from '../../http/rate-limits.ts'
import type { Logger } from '../../observability/logger.ts'
import { type Cache, CacheUnavailable, type Rate } from '../../ports/cache/cache.ts'
import { type Gcra, gcra, take } from '../gcra.ts'
import type { LocalUser } from '../hub/state.ts'

export interface SendLimitDeps {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  readonly logger: Logger
  readonly cache: Pick<Cache, 'take'>
  readonly rateLimitScale: number
}

/** What one person sent here and the shared bucket does not know yet. */
interface Debt {
  owed: number
  /** The shared bucket had no room for it: nothing more is admitted until it is paid. */
  refused: boolean
  cancel: Cancel
}

/**
 * One rate limit for everything a person sends, over all their sockets, over HTTP and over all servers. Memory
 * answers at once; the bucket that all share is charged afterwards, what came meanwhile in one charge. So nobody
 * waits for the cache, and nobody gets further ahead of it than one charge takes. While it cannot be asked, each
 * server keeps the limit for itself.
 */
export class SendLimit {
  readonly #deps: SendLimitDeps
  readonly #local: Gcra
  readonly #shared: Rate
  /** As many as there are people whose charge is under way or refused. */
  readonly #debts = new Map<string, Debt>()

  constructor(deps: SendLimitDeps) {
    this.#deps = deps
    this.#shared = scaled(RATE_LIMITS.send.user, deps.rateLimitScale)
    this.#local = gcra(this.#shared.count, this.#shared.periodMs, this.#shared.burst, 1)
  }

  /** Counts one message. @returns false when it is one too many */
  admits(user: LocalUser): boolean {
    const debt = this.#debts.get(user.id)
    const at = take(this.#local, user.messagesAt, this.#deps.clock.monotonic())
    if (at < 0 || debt?.refused === true) {
      return false
    }
    user.messagesAt = at
    if (debt === undefined) {
      const first = { owed: 1, refused: false, cancel: () => {} }
      this.#debts.set(user.id, first)
      void this.#charge(user.id, first)
    } else {
      debt.owed++
    }
    return true
  }

  /** Forgets what is owed. */
  stop(): void {
    for (const { cancel } of this.#debts.values()) {
      cancel()
    }
    this.#debts.clear()
  }

  async #charge(user: string, debt: Debt): Promise<void> {
    const { clock } = this.#deps
    while (debt.owed > 0) {
      const cost = Math.min(debt.owed, this.#shared.burst)
      const waitMs = await this.#take(user, cost)
      if (this.#debts.get(user) !== debt) {
        return
      }
      if (waitMs > 0) {
        debt.refused = true
        debt.cancel = clock.after(waitMs, () => void this.#charge(user, debt))
        return
      }
      debt.refused = false
      debt.owed -= cost
    }
    this.#debts.delete(user)
  }

  /** @returns 0 when granted, or when nobody can be asked: the limit of this server has held */
  async #take(user: string, cost: number): Promise<number> {
    try {
      return await this.#deps.cache.take(userBucket('send', user), this.#shared, cost)
    } catch (error) {
      if (!(error instanceof CacheUnavailable)) {
        this.#deps.logger.error({ err: error }, 'a rate limit could not be asked')
      }
      return 0
    }
  }
}

import type { Clock } from '@tam/util'
import { RecentMap } from '../log/recent-map.ts'

/** How old an answer may be, milliseconds. */
export const ACTIVE_AGE_MAX_MS = 2_000
const REMEMBERED_MAX = 20_000

/** An answer of the store and when it was asked for (monotonic). */
interface Known {
  readonly active: boolean
  readonly at: number
}

/** Remembers for a moment which logins count, so that not every frame and request asks the store. */
export class ActiveLogins {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #known = new RecentMap<Known>(REMEMBERED_MAX)
  /** Those heard of: over for good. */
  readonly #revoked = new RecentMap<true>(REMEMBERED_MAX)
  #agedAt: number

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
    this.#agedAt = clock.monotonic()
  }

  /**
   * What is remembered and was asked for after `since` (monotonic), else what `read` finds; a revocation noted
   * meanwhile is newer than what was read.
   */
  async ask(sid: string, read: () => Promise<boolean>, since = -Infinity): Promise<boolean> {
    const at = this.#clock.monotonic()
    const known = this.#known.get(sid)
    if (this.#revoked.get(sid) !== undefined) {
      return false
    }
    if (known !== undefined && at - known.at < ACTIVE_AGE_MAX_MS && known.at > since) {
      return known.active
    }
    const active = await read()
    if (this.#revoked.get(sid) !== undefined) {
      return false
    }
    this.#forget(at)
    this.#known.set(sid, { active, at })
    return active
  }

  /** What nobody will believe any more takes no memory for long. */
  #forget(now: number): void {
    if (now - this.#agedAt >= ACTIVE_AGE_MAX_MS) {
      this.#agedAt = now
      this.#known.age()
    }
  }

  noteRevoked(sid: string): void {
    this.#revoked.set(sid, true)
  }
}

import type { Clock } from '@tam/util'
import { RecentMap } from '../log/recent-map.ts'

/** How old an answer may be, milliseconds. */
export const ACTIVE_AGE_MAX_MS = 2_000
const REMEMBERED_MAX = 20_000

/** Revoked for good, or an answer of the store and when it was asked for (monotonic). */
type Known = 'revoked' | { readonly active: boolean; readonly at: number }

/** Remembers for a moment which logins count, so that not every frame and request asks the store. */
export class ActiveLogins {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #known = new RecentMap<Known>(REMEMBERED_MAX)

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** What is remembered, else what `read` finds; a revocation noted meanwhile is newer than what was read. */
  async ask(sid: string, read: () => Promise<boolean>): Promise<boolean> {
    const at = this.#clock.monotonic()
    const known = this.#known.get(sid)
    if (known && (known === 'revoked' || at - known.at < ACTIVE_AGE_MAX_MS)) {
      return known !== 'revoked' && known.active
    }
    const active = await read()
    if (this.#known.get(sid) === 'revoked') {
      return false
    }
    this.#known.set(sid, { active, at })
    return active
  }

  noteRevoked(sid: string): void {
    this.#known.set(sid, 'revoked')
  }
}

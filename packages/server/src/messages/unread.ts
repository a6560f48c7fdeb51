import { UNREAD_EXACT_MAX } from '@tam/protocol'
import { RecentMap } from '../log/recent-map.ts'
import type { EntryCache } from './entry-cache.ts'
import { countsFor } from './entry-head.ts'

/** Counts remembered, one per user and conversation. */
const COUNTS_MAX = 100_000
/** Entries of the first step of a count; later steps double up to the second number. */
const STEP_FIRST = 128
const STEP_MAX = 1_024
/** Where counting ends: "99+". */
const ENOUGH = UNREAD_EXACT_MAX + 1

interface Count {
  readonly read: number
  /** Entries read+1..upTo are counted. */
  readonly upTo: number
  readonly count: number
}

/**
 * Others' messages after a position. Derived from the log, never incremented; what was counted once is not read
 * again, because entries do not change. A count ends at 100, so that only one's own entries and entries that are no
 * messages make it read on.
 */
export class Unread {
  readonly #entries: EntryCache
  readonly #counts = new RecentMap<Count>(COUNTS_MAX)

  constructor(entries: EntryCache) {
    this.#entries = entries
  }

  /** Exact to 99; 100 means more. */
  async count(user: string, conv: string, read: number, head: number): Promise<number> {
    if (head <= read) {
      return 0
    }
    const key = `${conv}/${user}`
    let known = this.#knownCount(key, read, head)
    for (
      let step = STEP_FIRST;
      known.count < ENOUGH && known.upTo < head;
      step = Math.min(step * 2, STEP_MAX)
    ) {
      known = await this.#advance(known, { user, conv, to: Math.min(known.upTo + step, head) })
    }
    this.#counts.set(key, known)
    return known.count
  }

  #knownCount(key: string, read: number, head: number): Count {
    const known = this.#counts.get(key)
    return known !== undefined && known.read === read && known.upTo <= head
      ? known
      : { read, upTo: read, count: 0 }
  }

  async #advance(
    { read, upTo, count }: Count,
    { user, conv, to }: { user: string; conv: string; to: number },
  ): Promise<Count> {
    for (const entry of await this.#entries.read(conv, upTo + 1, to)) {
      if (countsFor(user, entry) && ++count === ENOUGH) {
        break
      }
    }
    return { read, upTo: to, count }
  }
}

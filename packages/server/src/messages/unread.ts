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

/** `count` others' messages in read+1..upTo; 100 means that many or more. */
export interface Count {
  readonly read: number
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

  /** @returns the count up to `head`, and how many entries had to be looked at for it */
  async count(
    user: string,
    conv: string,
    read: number,
    head: number,
  ): Promise<Count & { readonly looked: number }> {
    const begin = this.#begin(user, conv, read, head)
    let known = begin
    let step = STEP_FIRST
    while (known.count < ENOUGH && known.upTo < head) {
      known = await this.#advance(known, { user, conv, to: Math.min(known.upTo + step, head) })
      step = Math.min(step * 2, STEP_MAX)
    }
    if (known !== begin) {
      this.#counts.set(keyOf(user, conv), known)
    }
    return { ...known, looked: known.upTo - begin.upTo }
  }

  /** Takes a count of before a restart, unless a better one is known. */
  recall(user: string, conv: string, count: Count): void {
    const known = this.#counts.get(keyOf(user, conv))
    if (known === undefined || known.read < count.read) {
      this.#counts.set(keyOf(user, conv), count)
    }
  }

  /** The count up to `head` when memory has it, else undefined. */
  known(user: string, conv: string, read: number, head: number): number | undefined {
    const { upTo, count } = this.#begin(user, conv, read, head)
    return upTo === head || count >= ENOUGH ? count : undefined
  }

  #begin(user: string, conv: string, read: number, head: number): Count {
    const known = this.#counts.get(keyOf(user, conv))
    return known !== undefined && known.read === read && known.upTo <= head
      ? known
      : { read, upTo: read, count: 0 }
  }

  async #advance(
    { read, upTo, count }: Count,
    { user, conv, to }: { readonly user: string; readonly conv: string; readonly to: number },
  ): Promise<Count> {
    for (const entry of await this.#entries.read(conv, upTo + 1, to)) {
      if (countsFor(user, entry) && ++count === ENOUGH) {
        break
      }
    }
    return { read, upTo: to, count }
  }
}

function keyOf(user: string, conv: string): string {
  return `${conv}/${user}`
}

import { RecentMap } from '../log/recent-map.ts'
import type { Clock } from '@tam/util'
import type { Role } from '@tam/protocol'
import type { ConversationMeta } from './access.ts'

/** Conversations remembered; a busier server asks kv again. */
export const CONVERSATIONS_CACHED_MAX = 20_000
/** Milliseconds after which a removal that no bus message told of is seen all the same. */
export const ACCESS_AGE_MAX_MS = 10_000

/** What memory holds of one conversation. Absent roles are not known; there is no negative knowledge but `complete`. */
export class CachedConversation {
  readonly since: number
  meta: ConversationMeta | undefined
  readonly roles = new Map<string, Role>()
  /** All members are in `roles`, apart from those that changed since. */
  complete = false
  /** Users whose rows changed after the whole was read. */
  readonly changed = new Set<string>()
  /** Grows with every invalidation: a read that began before must not be kept. */
  generation = 0

  constructor(since: number) {
    this.since = since
  }

  invalidateMember(user: string): void {
    this.generation++
    this.meta = undefined
    this.roles.delete(user)
    this.changed.add(user)
  }

  invalidateMeta(): void {
    this.generation++
    this.meta = undefined
  }
}

/** Bounded by number, and by age even without news. */
export class ConversationCache {
  readonly #entries = new RecentMap<CachedConversation>(CONVERSATIONS_CACHED_MAX)
  readonly #clock: Pick<Clock, 'monotonic'>

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  get(conv: string): CachedConversation | undefined {
    const entry = this.#entries.get(conv)
    return entry !== undefined && this.#clock.monotonic() - entry.since < ACCESS_AGE_MAX_MS
      ? entry
      : undefined
  }

  open(conv: string): CachedConversation {
    let entry = this.get(conv)
    if (entry === undefined) {
      entry = new CachedConversation(this.#clock.monotonic())
      this.#entries.set(conv, entry)
    }
    return entry
  }

  delete(conv: string): void {
    const entry = this.#entries.get(conv)
    if (entry !== undefined) {
      entry.generation++
      this.#entries.set(conv, new CachedConversation(this.#clock.monotonic()))
    }
  }
}

import { RecentMap } from '../log/recent-map.ts'
import type { Clock } from '@tam/util'
import type { Role } from '@tam/protocol'
import type { ConversationMeta } from './access.ts'

/** Conversations remembered; a busier server asks kv again. */
export const CONVERSATIONS_CACHED_MAX = 20_000
/** Milliseconds after which a removal that no bus message told of is seen all the same. */
export const ACCESS_AGE_MAX_MS = 10_000

/** What memory holds of one conversation. An absent role is not known. */
export class CachedConversation {
  readonly since: number
  meta: ConversationMeta | undefined
  readonly roles = new Map<string, Role>()
  /** All members were read into `roles`; those in `changed` must be read again. */
  complete = false
  /** Users whose rows changed after the whole was read. */
  readonly changed = new Set<string>()
  /** Readings under way; those that began before an invalidation answer nobody who asks after it. */
  readonly readings = new Map<string, Promise<Role | undefined>>()
  /** Grows with every invalidation: a read that began before must not be kept. */
  generation = 0

  constructor(since: number) {
    this.since = since
  }

  invalidateMember(user: string): void {
    this.generation++
    this.meta = undefined
    this.roles.delete(user)
    this.readings.delete(user)
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

  /** To be called every ACCESS_AGE_MAX_MS: what is too old to be believed takes no memory for long. */
  expire(): void {
    this.#entries.age()
  }

  delete(conv: string): void {
    const entry = this.#entries.get(conv)
    if (entry !== undefined) {
      entry.generation++
      this.#entries.set(conv, new CachedConversation(this.#clock.monotonic()))
    }
  }
}

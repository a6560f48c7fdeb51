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

/**
 * Since when every change of the conversation is heard of, monotonic milliseconds; undefined while none is. A server
 * that shares its store with others may believe nothing that is older.
 */
export type HeardSince = (conv: string) => number | undefined

/** Bounded by number, and by age even without news. */
export class ConversationCache {
  readonly #entries = new RecentMap<CachedConversation>(CONVERSATIONS_CACHED_MAX)
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #heardSince: HeardSince

  constructor(clock: Pick<Clock, 'monotonic'>, heardSince: HeardSince) {
    this.#clock = clock
    this.#heardSince = heardSince
  }

  get(conv: string): CachedConversation | undefined {
    const entry = this.#entries.get(conv)
    return entry !== undefined && this.#isBelieved(conv, entry) ? entry : undefined
  }

  /** One that is not heard of is nobody else's: it serves one question. */
  open(conv: string): CachedConversation {
    let entry = this.get(conv)
    if (entry === undefined) {
      entry = new CachedConversation(this.#clock.monotonic())
      if (this.#heardSince(conv) !== undefined) {
        this.#entries.set(conv, entry)
      }
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

  #isBelieved(conv: string, { since }: CachedConversation): boolean {
    const heardSince = this.#heardSince(conv)
    return (
      heardSince !== undefined && since >= heardSince && this.#clock.monotonic() - since < ACCESS_AGE_MAX_MS
    )
  }
}

import type { Conversation, ConversationEntry } from '@tam/protocol'
import type { CachedAccount } from '../cache/cache-store.ts'
import { apply, applyRead, mergeSummary, settleUnread } from './apply.ts'
import { begin, prepend, restart, trim, type ConversationState } from './state.ts'

export type LogChange =
  /** Entries were applied at the live end. */
  | { readonly type: 'applied'; readonly conv: string; readonly entries: readonly ConversationEntry[] }
  /** Anything else about a conversation: summary, read position, older entries at hand. */
  | { readonly type: 'changed'; readonly conv: string }
  /** What was held of the log is gone. */
  | { readonly type: 'restarted'; readonly conv: string }
  | { readonly type: 'removed'; readonly conv: string }
  /** All conversations at once: loaded from the cache, or forgotten. */
  | { readonly type: 'all' }
  /** The list is complete, as far as it was known when sync was answered. */
  | { readonly type: 'listed' }

/** Where entries of a frame lie relative to the cursor. */
export type Applied = 'applied' | 'known' | 'gap' | 'unknown'

export interface LogsOptions {
  readonly onChange: (change: LogChange) => void
  /** How many of the newest entries of a conversation are kept at hand. */
  readonly keep: (conv: string) => number
}

/** Conversations one is no longer in that are remembered by name; the one left first goes. */
export const FORMER_MAX = 50

/** The state of every conversation one is in, and the position in one's own user log. */
export class Logs {
  readonly #options: LogsOptions
  #states = new Map<string, ConversationState>()
  #former = new Map<string, Conversation>()
  /** Whose view this is; empty while nobody is signed in. */
  me = ''
  epoch: string | undefined
  /** Position in the user's own log; undefined before the first sync. */
  userCursor: number | undefined
  /** False until a cache or a sync has said what there is. */
  known = false

  constructor(options: LogsOptions) {
    this.#options = options
  }

  get(conv: string): ConversationState | undefined {
    return this.#states.get(conv)
  }

  all(): IterableIterator<ConversationState> {
    return this.#states.values()
  }

  /** What one is no longer in, as it was called last: something unsent may be waiting for a decision. */
  former(): Conversation[] {
    return [...this.#former.values()]
  }

  /** Replaces everything by what the cache holds. */
  load(
    me: string,
    cached: Pick<CachedAccount, 'epoch' | 'userCursor' | 'states' | 'former'> | undefined,
  ): void {
    this.me = me
    this.epoch = cached?.epoch
    this.userCursor = cached?.userCursor
    this.#states = new Map(cached?.states.map((state) => [state.summary.id, state]))
    this.#former = new Map(cached?.former?.map((summary) => [summary.id, summary]))
    this.known = cached !== undefined
    this.#options.onChange({ type: 'all' })
  }

  clear(): void {
    this.load('', undefined)
  }

  /** Sync has said what there is. */
  listed(): void {
    this.known = true
    this.#options.onChange({ type: 'listed' })
  }

  /** Applies what follows the cursor; the rest is known already or lies beyond a gap. */
  append(conv: string, entries: readonly ConversationEntry[]): Applied {
    const before = this.#states.get(conv)
    if (before === undefined) {
      return 'unknown'
    }
    const state = entries.reduce((folded, entry) => apply(folded, entry, this.me), before)
    if (state !== before) {
      this.#states.set(conv, trim(state, this.#options.keep(conv)))
      const applied = entries.filter((entry) => entry.seq > before.cursor && entry.seq <= state.cursor)
      this.#options.onChange({ type: 'applied', conv, entries: applied })
    }
    const last = entries.at(-1)?.seq ?? 0
    if (last > state.cursor) {
      return 'gap'
    }
    return state === before ? 'known' : 'applied'
  }

  /** Puts an older page before what is at hand. */
  prepend(conv: string, page: readonly ConversationEntry[]): void {
    this.#update(conv, (state) => settleUnread(prepend(state, page, this.#options.keep(conv)), this.me))
  }

  /** Takes over what the server says about a conversation; adds it when it is new. */
  tell(told: Conversation): void {
    if (!this.#states.has(told.id)) {
      this.#states.set(told.id, begin(told))
      this.#former.delete(told.id)
      this.#options.onChange({ type: 'changed', conv: told.id })
      return
    }
    this.#update(told.id, (state) => mergeSummary(state, told, this.me))
  }

  /** Goes on from what the server says, without the entries in between. */
  skip(told: Conversation): void {
    this.#former.delete(told.id)
    const read = this.#states.get(told.id)?.summary.read ?? 0
    this.#states.set(told.id, applyRead(begin(told), read, this.me))
    this.#options.onChange({ type: 'restarted', conv: told.id })
  }

  restart(conv: string, head: number): void {
    const state = this.#states.get(conv)
    if (state !== undefined) {
      this.#states.set(conv, restart(state, head))
      this.#options.onChange({ type: 'restarted', conv })
    }
  }

  read(conv: string, seq: number, told?: number): void {
    this.#update(conv, (state) => applyRead(state, seq, this.me, told))
  }

  /** Sets a count that was made from pages of history. */
  recounted(conv: string, unread: number): void {
    this.#update(conv, (state) => ({ ...state, summary: { ...state.summary, unread }, recount: false }))
  }

  trim(conv: string): void {
    const state = this.#states.get(conv)
    if (state !== undefined) {
      this.#states.set(conv, trim(state, this.#options.keep(conv)))
    }
  }

  /** One is not in it any more: what was said there goes, its name stays. */
  remove(conv: string): void {
    const summary = this.#states.get(conv)?.summary
    if (summary !== undefined) {
      this.#states.delete(conv)
      this.#former.set(conv, { ...summary, unread: 0, lastMessage: null })
      const [oldest] = this.#former.keys()
      if (this.#former.size > FORMER_MAX && oldest !== undefined) {
        this.#former.delete(oldest)
      }
      this.#options.onChange({ type: 'removed', conv })
    }
  }

  #update(conv: string, change: (state: ConversationState) => ConversationState): void {
    const before = this.#states.get(conv)
    const after = before && change(before)
    if (after !== undefined && after !== before) {
      this.#states.set(conv, after)
      this.#options.onChange({ type: 'changed', conv })
    }
  }
}

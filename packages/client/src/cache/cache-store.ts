import type { Conversation, User } from '@tam/protocol'
import type { ConversationState } from '../sync/state.ts'

/** What a reload paints before the network answers, and what sync goes on from. */
export interface CachedAccount {
  readonly epoch?: string
  readonly userCursor?: number
  /** Conversations opened last, newest first. */
  readonly recent: readonly string[]
  /** Conversations one is no longer in, without what was said there; absent in what an older client wrote. */
  readonly former?: readonly Conversation[]
  /** Each with its cursor and the entries up to it: one value, so that no cursor ever outlives its entries. */
  readonly states: readonly ConversationState[]
  readonly people: readonly User[]
}

export interface CacheChange {
  readonly account: Pick<CachedAccount, 'epoch' | 'userCursor' | 'recent' | 'former'>
  readonly put: readonly ConversationState[]
  readonly remove: readonly string[]
  readonly people: readonly User[]
}

export interface CacheStore {
  /** Undefined when nothing was ever written. */
  load(): Promise<CachedAccount | undefined>
  /** All or nothing. */
  write(change: CacheChange): Promise<void>
  clear(): Promise<void>
}

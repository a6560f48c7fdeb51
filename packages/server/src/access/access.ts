import type { Kind, Role } from '@tam/protocol'
import type { Staff } from '../conversations/rows.ts'

/** Who may see and do what in a conversation; the only place that asks. */
export interface Access {
  /**
   * The role of `user`, undefined for everybody who is not a member or when there is no such conversation. A direct
   * conversation that was not shown to `user` yet is none.
   */
  member(conv: string, user: string): Promise<Role | undefined>
  /** Like `member`, from memory alone; null when memory does not know, as with everybody who is no member. */
  memberCached(conv: string, user: string): Role | undefined | null
  /** @throws AppError `not_found` for everybody who is not a member */
  requireMember(conv: string, user: string): Promise<Role>
  /** @throws AppError `not_found` for strangers, `forbidden` for members below `atLeast` */
  requireRole(conv: string, user: string, atLeast: Role): Promise<Role>
  /** Every member with their role, also whom a direct conversation was not shown to yet. */
  members(conv: string): Promise<ReadonlyMap<string, Role>>
  /** @throws AppError `not_found` */
  conversation(conv: string): Promise<ConversationMeta>
  /** Several conversations, in the order asked; undefined where there is none. What memory lacks is one read. */
  conversations(convs: readonly string[]): Promise<(ConversationMeta | undefined)[]>
  /**
   * How one user stands in several conversations, in the order asked: what memory lacks is one read. Direct ones must be
   * on the user's side already.
   */
  standings(user: string, convs: readonly string[]): Promise<Standing[]>
  /** Feeds committed entries of any log, from the local commit path and from the bus. Cheap for messages. */
  onEntries(log: string, entries: readonly string[]): void
  /** Drops what memory holds about a conversation. */
  forget(conv: string): void
  /** Gives back the memory of what was not asked for lately; to be called every ACCESS_AGE_MAX_MS. */
  expire(): void
}

/** What was true of one user and a conversation when it was read. */
export interface Standing {
  /** Undefined for everybody who is not a member. */
  readonly role: Role | undefined
  /** Undefined when there is no such conversation. */
  readonly meta: ConversationMeta | undefined
}

/** What is known of a conversation apart from its log and members. */
export interface ConversationMeta {
  readonly id: string
  readonly kind: Kind
  /** Null for a direct conversation. */
  readonly title: string | null
  readonly topic: string
  readonly public: boolean
  /** Exactly the two people of a direct conversation; null for other kinds. */
  readonly pair: readonly [string, string] | null
  readonly memberCount: number
  /** Owners and admins. */
  readonly staff: Staff
  readonly createdBy: string
  /** RFC 3339. */
  readonly createdAt: string
}

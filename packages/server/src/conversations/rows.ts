import { randomId, type Random } from '@tam/util'
import type { Kind, Role } from '@tam/protocol'
import type { Row } from '../ports/kv/kv.ts'

/* Rows of conversations in kv. ARCHITECTURE.md lists partitions and keys. */

export const META = 'meta'
export const MEMBER_PREFIX = 'member/'
export const INVITE_PREFIX = 'invite/'
export const PENDING_PREFIX = 'pending/'
export const SIDE_PREFIX = 'conv/'
/** Of format 1; see messages/read-position.ts. */
export const FORMER_READ_PREFIX = 'read/'
export const CHANNELS_PARTITION = 'channels'
/** The row of an invitation's lookup partition. */
export const INVITE_CONV = 'conv'

export const convPartition = (conv: string) => `conv/${conv}`
export const userPartition = (user: string) => `user/${user}`
export const invitePartition = (hash: string) => `invite/${hash}`
export const memberKey = (user: string) => `${MEMBER_PREFIX}${user}`
export const inviteKey = (hash: string) => `${INVITE_PREFIX}${hash}`
export const pendingKey = (op: string) => `${PENDING_PREFIX}${op}`
export const sideKey = (conv: string) => `${SIDE_PREFIX}${conv}`
export const leftKey = (conv: string) => `left/${conv}`
export const formerReadKey = (conv: string) => `${FORMER_READ_PREFIX}${conv}`

export type Staff = Readonly<Record<string, Exclude<Role, 'member'>>>

/**
 * `conv/<conv>` `meta`. Every change of members or details writes it and expects the rev it decided on, so that
 * what it says of members is exact and changes of one conversation have one order.
 */
export interface MetaRow {
  readonly kind: Kind
  readonly title: string | null
  readonly topic: string
  readonly public: boolean
  readonly pair: readonly [string, string] | null
  readonly by: string
  readonly at: string
  readonly members: number
  /** Owners and admins by user id; the other members are in nothing but their rows. */
  readonly staff: Staff
  /** Counts the changes: the order in which they are finished. */
  readonly version: number
  /** The operation that wrote this row: tells one's own write from another's after an unknown outcome. */
  readonly op: string
}

/** Stands in `meta` where a creation was given up, so that its late commit can never apply. */
export interface VoidMetaRow {
  readonly void: true
}

/** `conv/<conv>` `member/<user>`. */
export interface MemberRow {
  readonly role: Role
  readonly at: string
  readonly op: string
}

/** `conv/<conv>` `invite/<sha256 of token>`. */
export interface InviteRow {
  readonly by: string
  readonly at: string
  readonly expiresAt: string
  readonly maxUses: number | null
  readonly uses: number
}

/** `user/<user>` `conv/<conv>`: the user's side of a membership. */
export interface SideRow {
  readonly kind: Kind
  /** Seq of the entry that made the user a member; 0 in a direct conversation. */
  readonly seq: number
  /** Begins at `seq`. Absent in rows of format 1 only. */
  readonly read?: ReadPosition
}

/** How far a person has read a conversation. */
export interface ReadPosition {
  readonly seq: number
  /**
   * After a long count: so many messages count as unread in seq+1..upTo. That part of the log does not change, so a
   * restart need not read it again.
   */
  readonly counted?: { readonly upTo: number; readonly count: number }
}

/** `user/<user>` `left/<conv>`: keeps a late repeat of an older joining from bringing the side back. Expires. */
export interface LeftRow {
  readonly seq: number
}

/** `channels` `<conv>`: a public channel to browse. `closed`: nobody is in it any more. */
export interface ListingRow {
  readonly title: string
  readonly topic: string
  readonly version: number
  readonly closed?: true
}

export function decode<T>(row: Row): T {
  return JSON.parse(row.value) as T
}

/** The meta of a conversation that exists. */
export function decodeMeta(row: Row | undefined): MetaRow | undefined {
  if (row === undefined) {
    return undefined
  }
  const meta = decode<MetaRow | VoidMetaRow>(row)
  return 'void' in meta ? undefined : meta
}

/** Of a direct conversation; those of other conversations, which newId gives, are shorter. */
export const DIRECT_ID_LENGTH = 16

/** Whether the id says so: a direct conversation has one that follows from its pair. */
export function isDirectId(conv: string): boolean {
  return conv.length === DIRECT_ID_LENGTH
}

/** A new id for a conversation, message or operation: 72 random bits. */
export function newId(random: Random): string {
  return randomId(random, 12)
}

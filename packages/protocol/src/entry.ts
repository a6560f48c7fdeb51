import { z } from 'zod'
import { Cursor, Seq, ServerId, Timestamp } from './ids.ts'
import { Kind, Role } from './kind.ts'
import { Me } from './user.ts'

/*
 * The entries of a log. Every change takes the next seq, so a reader that holds 1..n without a hole holds
 * everything. `cid` names the logical operation: the author's own for a message, the operation's id for
 * entries the server makes. Clients ignore an unknown type but still advance their cursor over it.
 */

const common = { seq: Seq, from: ServerId, cid: z.string(), at: Timestamp }

export const MessageEntry = z
  .object({
    ...common,
    type: z.literal('message'),
    id: ServerId,
    text: z.string(),
    /** Seq of the message in the same conversation that this one answers. */
    replyTo: Seq.optional(),
  })
  .meta({ id: 'MessageEntry' })
export type MessageEntry = z.infer<typeof MessageEntry>

/** The conversation exists: always seq 1 of a group or channel. */
export const CreatedEntry = z.object({ ...common, type: z.literal('created'), kind: Kind, title: z.string() })
export type CreatedEntry = z.infer<typeof CreatedEntry>

/**
 * A membership changed. `from` did it to `user`. `role` is the role afterwards, absent after left or removed.
 * `removed` and `left` are the last entry that `user` receives.
 */
export const MemberEntry = z.object({
  ...common,
  type: z.literal('member'),
  change: z.enum(['added', 'joined', 'left', 'removed', 'role']),
  user: ServerId,
  role: Role.optional(),
})
export type MemberEntry = z.infer<typeof MemberEntry>

/** Title or topic changed; only changed fields are present. */
export const DetailsEntry = z.object({
  ...common,
  type: z.literal('details'),
  title: z.string().optional(),
  topic: z.string().optional(),
})
export type DetailsEntry = z.infer<typeof DetailsEntry>

export const ConversationEntry = z.discriminatedUnion('type', [
  MessageEntry,
  CreatedEntry,
  MemberEntry,
  DetailsEntry,
])
export type ConversationEntry = z.infer<typeof ConversationEntry>

/** In a user's own log: one is a member from `head` on; entries after it follow on the same connection. */
export const JoinedEntry = z.object({
  ...common,
  type: z.literal('joined'),
  conv: ServerId,
  kind: Kind,
  title: z.string().nullable(),
  head: Cursor,
})
export type JoinedEntry = z.infer<typeof JoinedEntry>

export const LeftEntry = z.object({ ...common, type: z.literal('left'), conv: ServerId })
export type LeftEntry = z.infer<typeof LeftEntry>

export const ProfileEntry = z.object({ ...common, type: z.literal('profile'), user: Me })
export type ProfileEntry = z.infer<typeof ProfileEntry>

/**
 * The person should know of it. `refresh_token_reused`: somebody else may have had the login of `device`, which has
 * been ended.
 */
export const SecurityEntry = z.object({
  ...common,
  type: z.literal('security'),
  event: z.enum(['refresh_token_reused']),
  device: z.string(),
})
export type SecurityEntry = z.infer<typeof SecurityEntry>

export const UserEntry = z.discriminatedUnion('type', [JoinedEntry, LeftEntry, ProfileEntry, SecurityEntry])
export type UserEntry = z.infer<typeof UserEntry>

export const Entry = z.discriminatedUnion('type', [
  MessageEntry,
  CreatedEntry,
  MemberEntry,
  DetailsEntry,
  JoinedEntry,
  LeftEntry,
  ProfileEntry,
  SecurityEntry,
])
export type Entry = z.infer<typeof Entry>
/** What the server appends: everything but the seq, which the commit decides. */
export type EntryDraft = Entry extends infer E ? (E extends Entry ? Omit<E, 'seq'> : never) : never

/** The folded view of a message: today the entry itself; edits and deletions fold into it. */
export const Message = MessageEntry
export type Message = MessageEntry

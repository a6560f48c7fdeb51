import { z } from 'zod'
import { Cursor, ServerId, Timestamp } from './ids.ts'
import { TITLE_MAX, TOPIC_MAX } from './limits.ts'
import { MessageEntry } from './entry.ts'
import { Kind, Role } from './kind.ts'
import { label, paragraph } from './text.ts'
import { User } from './user.ts'

export const Title = label(TITLE_MAX)
export const Topic = paragraph(TOPIC_MAX)

/** A conversation as one member sees it. */
export const Conversation = z
  .object({
    id: ServerId,
    kind: Kind,
    /** Null for a direct conversation: clients show the other person's name. */
    title: z.string().nullable(),
    topic: z.string(),
    /** True for a channel anybody may find and join. */
    public: z.boolean(),
    /** The other person of a direct conversation. */
    peer: ServerId.nullable(),
    role: Role,
    memberCount: z.int(),
    /** Seq of the newest entry of any type. */
    head: Cursor,
    /** One's own read position. */
    read: Cursor,
    /** Others' undeleted messages after `read`; exact to 99, 100 means more. */
    unread: z.int(),
    lastMessage: MessageEntry.nullable(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Conversation' })
export type Conversation = z.infer<typeof Conversation>

export const Member = z
  .object({
    user: User,
    role: Role,
    /** The member's read position; null where receipts are off (channels). */
    read: Cursor.nullable(),
  })
  .meta({ id: 'Member' })
export type Member = z.infer<typeof Member>

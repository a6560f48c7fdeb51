import { z } from 'zod'
import { Conversation, Member, Title, Topic } from '../conversation.ts'
import { ServerId, Timestamp } from '../ids.ts'
import { Kind, Role } from '../kind.ts'
import { MEMBER_IDS_MAX } from '../limits.ts'

const MemberIds = z.array(ServerId).max(MEMBER_IDS_MAX)

/** direct: 201 when new, 200 when it exists. */
export const CreateConversationBody = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('direct'), userId: ServerId }),
    z.strictObject({
      kind: z.literal('group'),
      title: Title,
      topic: Topic.optional(),
      memberIds: MemberIds.optional(),
    }),
    z.strictObject({
      kind: z.literal('channel'),
      title: Title,
      topic: Topic.optional(),
      public: z.boolean().optional(),
      memberIds: MemberIds.optional(),
    }),
  ])
  .meta({ id: 'CreateConversationBody' })
export type CreateConversationBody = z.infer<typeof CreateConversationBody>

export const ConversationReply = z.object({ conversation: Conversation })
export type ConversationReply = z.infer<typeof ConversationReply>
export const ConversationsReply = z.object({ conversations: z.array(Conversation) })
export type ConversationsReply = z.infer<typeof ConversationsReply>

export const ConversationPatch = z
  .strictObject({ title: Title.optional(), topic: Topic.optional() })
  .meta({ id: 'ConversationPatch' })
export type ConversationPatch = z.infer<typeof ConversationPatch>

export const MembersReply = z.object({ members: z.array(Member) })
export type MembersReply = z.infer<typeof MembersReply>
export const AddMembersBody = z.strictObject({ userIds: z.array(ServerId).min(1).max(MEMBER_IDS_MAX) })
export type AddMembersBody = z.infer<typeof AddMembersBody>
export const MemberPatch = z.strictObject({ role: Role })
export type MemberPatch = z.infer<typeof MemberPatch>

/** A public channel as a browser of channels sees it. */
export const Channel = z
  .object({ id: ServerId, title: z.string(), topic: z.string(), memberCount: z.int(), joined: z.boolean() })
  .meta({ id: 'Channel' })
export type Channel = z.infer<typeof Channel>
export const ChannelsReply = z.object({ channels: z.array(Channel) })
export type ChannelsReply = z.infer<typeof ChannelsReply>

export const CreateInviteBody = z.strictObject({
  /** Seconds until it expires; absent: 7 days. */
  expiresIn: z
    .int()
    .min(60)
    .max(90 * 86_400)
    .optional(),
  /** How many may join with it; absent: no limit. */
  maxUses: z.int().min(1).max(10_000).optional(),
})
export type CreateInviteBody = z.infer<typeof CreateInviteBody>
/** An invitation as those who manage the conversation see it: the token is not in it. */
export const InviteSummary = z
  .object({
    id: ServerId,
    /** Who made it. */
    by: ServerId,
    createdAt: Timestamp,
    expiresAt: Timestamp,
    maxUses: z.int().nullable(),
    uses: z.int(),
  })
  .meta({ id: 'InviteSummary' })
export type InviteSummary = z.infer<typeof InviteSummary>
/** Told once, to who made it. */
export const Invite = InviteSummary.extend({
  token: z.string(),
  /** The link to share, on the public URL. */
  url: z.string(),
}).meta({ id: 'Invite' })
export type Invite = z.infer<typeof Invite>
export const InviteReply = z.object({ invite: Invite })
export type InviteReply = z.infer<typeof InviteReply>
export const InvitesReply = z.object({ invites: z.array(InviteSummary) })
export type InvitesReply = z.infer<typeof InvitesReply>
/** What the bearer of an invitation may see before joining. */
export const InvitePreview = z
  .object({
    conversation: z.object({ id: ServerId, kind: Kind, title: z.string(), memberCount: z.int() }),
    joined: z.boolean(),
  })
  .meta({ id: 'InvitePreview' })
export type InvitePreview = z.infer<typeof InvitePreview>

export const ReadBody = z.strictObject({ seq: z.int().min(0) })
export type ReadBody = z.infer<typeof ReadBody>
export const ReadReply = z.object({ read: z.int(), unread: z.int() })
export type ReadReply = z.infer<typeof ReadReply>

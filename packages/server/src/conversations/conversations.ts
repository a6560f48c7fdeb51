import type {
  Channel,
  Conversation,
  ConversationPatch,
  CreateInviteBody,
  Invite,
  InvitePreview,
  InviteSummary,
  Kind,
  Member,
  Role,
} from '@tam/protocol'
import type { ReadPosition } from './rows.ts'

/** Everything one may do to conversations. All methods throw AppError for refusals. */
export interface Conversations {
  /** Idempotent; both sides at once make one. The other side sees it with the first message. */
  createDirect(user: string, peer: string): Promise<Created>
  createGroup(user: string, input: NewGroup): Promise<Created>
  createChannel(user: string, input: NewChannel): Promise<Created>
  patchDetails(user: string, conv: string, patch: ConversationPatch): Promise<Conversation>
  /** Those who are members already are left as they are; `already_member` when that is everybody. */
  addMembers(user: string, conv: string, userIds: readonly string[]): Promise<Member[]>
  /** Removing oneself is leaving. */
  removeMember(user: string, conv: string, target: string): Promise<void>
  setRole(user: string, conv: string, target: string, role: Role): Promise<void>
  members(user: string, conv: string): Promise<Member[]>
  joinChannel(user: string, conv: string): Promise<Conversation>
  browseChannels(user: string, query: string): Promise<Channel[]>
  createInvite(user: string, conv: string, body: CreateInviteBody): Promise<Invite>
  /** Those that are open, newest first. */
  invites(user: string, conv: string): Promise<InviteSummary[]>
  revokeInvite(user: string, conv: string, id: string): Promise<void>
  previewInvite(user: string, token: string): Promise<InvitePreview>
  acceptInvite(user: string, token: string): Promise<Conversation>

  /** The user's side of every membership, read positions included: one scan of kv. For the opening of a socket. */
  refsOf(user: string): Promise<ConversationRef[]>
  /**
   * The conversations of `refs` as `user` sees them; those just left are missing. `heads` come from whoever follows the
   * conversations, and save reads of the logs and of the memberships.
   */
  summarise(user: string, refs: readonly ConversationRef[], heads?: KnownHeads): Promise<Conversation[]>
  /** @throws AppError `not_found` */
  get(user: string, conv: string): Promise<Conversation>
  /** The user's list, newest activity first. */
  list(user: string): Promise<Conversation[]>

  /**
   * Finishes what crashes cut off. Call at start with `all`, then every 30 s without.
   * @returns how many operations were finished or cleared, and how many must wait for the next sweep
   */
  sweep(options?: { readonly all?: boolean }): Promise<SweepResult>
}

export interface Created {
  readonly conversation: Conversation
  /** False when it existed. */
  readonly created: boolean
}

export interface NewGroup {
  readonly title: string
  readonly topic?: string | undefined
  readonly memberIds?: readonly string[] | undefined
}

export interface NewChannel extends NewGroup {
  readonly public?: boolean | undefined
}

/** One row of the user's side: cheap, without anything of the conversation's log. */
export interface ConversationRef {
  readonly conv: string
  readonly kind: Kind
  readonly read: ReadPosition
}

/** The head of a log when the caller knows it from a linearizable source. */
export type KnownHeads = (conv: string) => number | undefined

export interface SweepResult {
  readonly finished: number
  readonly failed: number
}

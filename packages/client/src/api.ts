/* The public face of the SDK. Web, bots and tests are written against these types. */
import type {
  AddMembersBody,
  Channel,
  Conversation,
  ConversationPatch,
  CreateConversationBody,
  CreateInviteBody,
  Invite,
  InvitePreview,
  InviteSummary,
  Login,
  LoginBody,
  Me,
  Member,
  MemberEntry,
  MePatch,
  CreatedEntry,
  DetailsEntry,
  PasswordBody,
  OnlineCount,
  Presence,
  RegisterBody,
  Role,
  SecurityEntry,
  User,
} from '@tam/protocol'
import type { Readable } from './readable.ts'

export interface TamClient {
  readonly session: Session
  readonly connection: Readable<ConnectionState>
  /** Every conversation one is in, newest activity first; undefined before the first sync or cache read. */
  readonly conversations: Readable<readonly Conversation[] | undefined>
  /** Conversations one is no longer in, as they were called last, without what was said there. */
  readonly former: Readable<readonly Conversation[]>
  /** Ids of the conversations with messages that are not stored, also of those one is no longer in. */
  readonly unsent: Readable<readonly string[]>
  /** The handle of a conversation; the same object for the same id. */
  conversation(id: string): ConversationHandle
  readonly users: Users
  readonly presence: PresenceWatch
  readonly rest: Rest
  /** Discontinuities, errors of listeners, gap repairs: for logs and the quiet "whole" mark. */
  on<K extends keyof ClientEvents>(event: K, listener: (detail: ClientEvents[K]) => void): () => void
  /** Connects when signed in and stays connected until `close`. While `waiting` or `stopped`: tries again now. */
  start(): void
  /** Closes the socket, keeps the outbox. */
  close(): Promise<void>
}

export interface ClientEvents {
  /** A new message of somebody else arrived live (not by paging or catch-up of more than one). */
  message: { conversation: string; item: MessageItem }
  /** The person should know of it: one of their logins was ended, because somebody else may have had it too. */
  security: { event: SecurityEntry['event']; device: string; at: string }
  resync: { log: string; reason: string }
  repaired: { log: string; from: number; to: number }
  error: { error: unknown; where: string }
}

export type ConnectionState =
  /** Not signed in, or not started. */
  | { readonly status: 'idle' }
  | { readonly status: 'connecting'; readonly attempt: number }
  /** Authenticated and synced: everything missed has been asked for. */
  | { readonly status: 'connected'; readonly since: number }
  /** Waiting for the next attempt; `retryAt` and `since` are wall milliseconds. */
  | {
      readonly status: 'waiting'
      readonly since: number
      readonly retryAt: number
      readonly attempt: number
      readonly reason: string
    }
  /** Will not come back by itself. */
  | { readonly status: 'stopped'; readonly reason: 'signed-out' | 'replaced' | 'forbidden' | 'closed' }

export interface Session {
  readonly state: Readable<SessionState>
  /** Tries the refresh cookie once; resolves when the state is no longer `restoring`. */
  restore(): Promise<void>
  register(body: RegisterBody): Promise<void>
  login(body: LoginBody): Promise<void>
  /**
   * Removes everything of this account from the device, and ends the login on the server: now, or when the server
   * answers again. Until then the device takes no access from what the cookie still holds.
   */
  logout(): Promise<void>
}

export type SessionState =
  | { readonly status: 'restoring' }
  | {
      readonly status: 'signed-out'
      /** Why, when it was not the person's wish. */ readonly reason?: 'revoked' | 'expired'
    }
  | { readonly status: 'signed-in'; readonly me: Me }

export interface ConversationHandle {
  readonly id: string
  readonly summary: Readable<Conversation | undefined>
  readonly timeline: Readable<Timeline>
  /** Others typing now, user ids in the order they began. */
  readonly typing: Readable<readonly string[]>
  /** Undefined until `loadMembers` has answered; live afterwards. */
  readonly members: Readable<readonly Member[] | undefined>
  /** Others' read positions by user id, where receipts are on; filled by `loadMembers` and live notices. */
  readonly receipts: Readable<ReadonlyMap<string, number>>
  /** Loads the newest page when nothing is loaded and keeps the window while at least one opener remains. */
  open(): () => void
  /** One page earlier or later; a second call while one is running returns the same promise. Rejects with TamError. */
  loadBefore(): Promise<void>
  loadAfter(): Promise<void>
  /** Replaces the window by one around `seq`. */
  jumpTo(seq: number): Promise<void>
  /** Back to the live end. */
  jumpToLatest(): Promise<void>
  loadMembers(): Promise<void>
  /** Puts the message into the outbox and the timeline at once; never throws for the network. */
  send(text: string, options?: { replyTo?: number }): SendHandle
  retry(cid: string): void
  /** Removes an unsent message and returns its text; undefined when it is already stored. */
  discard(cid: string): Promise<string | undefined>
  /** Moves the read position forward; coalesced, repeated after reconnect. */
  markRead(seq: number): void
  /** Call on input; sends at most one notice every 3 s. */
  notifyTyping(): void
}

export interface SendHandle {
  readonly cid: string
  /** Resolves with the seq when stored; rejects with TamError when it definitely was not. */
  readonly stored: Promise<number>
}

/** A bounded, contiguous window of a conversation, then what waits in the outbox. */
export interface Timeline {
  readonly items: readonly TimelineItem[]
  readonly hasBefore: boolean
  /** False at the live end: new entries are appended as they come. */
  readonly hasAfter: boolean
  readonly loading: 'initial' | 'before' | 'after' | 'around' | null
  /** The last page request that failed; cleared by the next one. */
  readonly failed: 'initial' | 'before' | 'after' | 'around' | null
}

export type TimelineItem = MessageItem | EventItem

export interface MessageItem {
  readonly type: 'message'
  /** `<author>/<cid>`: the same for the local echo and the stored entry. */
  readonly key: string
  readonly cid: string
  /** null until stored. */
  readonly seq: number | null
  readonly from: string
  readonly text: string
  readonly at: string
  readonly replyTo?: number
  /** waiting: offline or behind an earlier one · sending · sent: durable · failed: not stored, `error` says why. */
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed'
  readonly error?: string
}

export interface EventItem {
  readonly type: 'event'
  readonly key: string
  readonly seq: number
  readonly entry: CreatedEntry | MemberEntry | DetailsEntry
}

export interface Users {
  /** The person, loaded in batches on first use; undefined until then. */
  get(id: string): User | undefined
  /** Called when any known person changed. */
  subscribe(listener: () => void): () => void
  /** Changes with every change of any person; the snapshot for `useSyncExternalStore`. */
  version(): number
  /** Remembers people that came with other answers. */
  remember(users: readonly User[]): void
}

export interface PresenceWatch {
  readonly states: Readable<ReadonlyMap<string, Presence>>
  /** How many people are online, of the conversations that are counted. */
  readonly counts: Readable<ReadonlyMap<string, OnlineCount>>
  /** Watches people, and how many are online in conversations, until the returned function is called. */
  watch(people: readonly string[], convs?: readonly string[]): () => void
}

/** Typed REST calls. All reject with TamError; all take an AbortSignal. */
export interface Rest {
  patchMe(body: MePatch): Promise<Me>
  uploadAvatar(image: Blob): Promise<Me>
  changePassword(body: PasswordBody): Promise<void>
  logins(): Promise<Login[]>
  revokeLogin(id: string): Promise<void>
  searchUsers(query: string, signal?: AbortSignal): Promise<User[]>
  user(id: string, signal?: AbortSignal): Promise<User>
  createConversation(body: CreateConversationBody): Promise<Conversation>
  patchConversation(id: string, body: ConversationPatch): Promise<Conversation>
  browseChannels(query: string, signal?: AbortSignal): Promise<Channel[]>
  joinChannel(id: string): Promise<Conversation>
  members(id: string, signal?: AbortSignal): Promise<Member[]>
  addMembers(id: string, body: AddMembersBody): Promise<Member[]>
  setRole(id: string, user: string, role: Role): Promise<void>
  /** Removing oneself is leaving. */
  removeMember(id: string, user: string): Promise<void>
  createInvite(id: string, body: CreateInviteBody): Promise<Invite>
  /** Those one could still join with, newest first; for admins and owners. */
  invites(id: string, signal?: AbortSignal): Promise<InviteSummary[]>
  /** Takes an invitation back. */
  revokeInvite(id: string, invite: string): Promise<void>
  invitePreview(token: string): Promise<InvitePreview>
  acceptInvite(token: string): Promise<Conversation>
}

/** Everything the SDK throws. `code` is a code of the protocol, or `offline`, `timeout`, `protocol`. */
export interface TamErrorShape {
  readonly code: string
  readonly retryable: boolean
  readonly retryAfterMs?: number
  /** Per field, for forms. */
  readonly errors: readonly { readonly field: string; readonly message: string }[]
}

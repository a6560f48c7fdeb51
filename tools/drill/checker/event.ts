/*
 * The history of a drill: one JSON object per line, times in milliseconds of the harness's one monotonic clock.
 * `conv` is any log: a conversation's id, or a user's id for that user's own log.
 * `sha` digests what people see of an entry, so that a changed text is a changed sha.
 */

/** One attempt to store a message. A retry is another attempt with the same cid and another `op`. */
export interface SendEvent {
  readonly type: 'send'
  readonly at: number
  /** Numbers the attempts of a history from 0. */
  readonly op: number
  /** One socket's life; pipelined order is promised per connection. */
  readonly connection: number
  readonly user: string
  readonly conv: string
  readonly cid: string
  readonly sha: string
  readonly base: number
  readonly prev?: string
}

/** Definite success of an attempt. */
export interface OkEvent {
  readonly type: 'ok'
  readonly at: number
  readonly op: number
  readonly seq: number
}

/** Definite refusal: not stored, and never will be. */
export interface FailEvent {
  readonly type: 'fail'
  readonly at: number
  readonly op: number
  readonly code: string
}

/** The outcome of an attempt is not known: `retry: true`, a timeout, a closed socket. */
export interface InfoEvent {
  readonly type: 'info'
  readonly at: number
  readonly op: number
  readonly reason: string
}

/** A session's position in a log as a (re)connection begins; the next delivery is `from` + 1. */
export interface ResumeEvent {
  readonly type: 'resume'
  readonly at: number
  readonly session: string
  readonly conv: string
  readonly from: number
  /** `start`: nothing was held before. */
  readonly cause: 'start' | 'reconnect'
}

/** The server refused the cursor; the session starts over at `head`. */
export interface ResyncEvent {
  readonly type: 'resync'
  readonly at: number
  readonly session: string
  readonly conv: string
  readonly reason: string
  /** What the session had applied. */
  readonly from: number
  readonly head: number
}

/** An entry reached the application: duplicates on the wire are dropped before, skips are not. */
export interface RecvEvent extends Seen {
  readonly type: 'recv'
  readonly at: number
  readonly session: string
  readonly conv: string
}

/** What an observer saw at a seq. */
export interface Seen {
  readonly seq: number
  readonly cid: string
  readonly author: string
  readonly sha: string
}

export interface HistoryEvent {
  readonly type: 'history'
  /** When the read was invoked. */
  readonly at: number
  readonly until: number
  readonly session: string
  readonly user: string
  readonly conv: string
  readonly entries: readonly Seen[]
  readonly head: number
}

/** A session was told a read position of its own user. */
export interface ReadEvent {
  readonly type: 'read'
  readonly at: number
  /** When it was asked for, by sync; absent for a notice, which may come late. */
  readonly asked?: number
  readonly session: string
  readonly user: string
  readonly conv: string
  readonly seq: number
}

/** A device's view of a conversation at rest. */
export interface UnreadEvent {
  readonly type: 'unread'
  readonly at: number
  readonly session: string
  readonly user: string
  readonly conv: string
  readonly read: number
  /** Exact to 99; 100 means more. */
  readonly unread: number
}

/** The session ended on purpose: it is not expected to reach the head. */
export interface StopEvent {
  readonly type: 'stop'
  readonly at: number
  readonly session: string
}

/** Whose device a session is. */
export interface SessionEvent {
  readonly type: 'session'
  readonly session: string
  readonly user: string
}

/** The application let go of a log: it was removed and came back later. The next thing is a start. */
export interface LeaveEvent {
  readonly type: 'leave'
  readonly at: number
  readonly session: string
  readonly conv: string
}

/** A change of membership that the server confirmed, or an addition that it never did. */
export interface MembershipEvent {
  readonly type: 'membership'
  /** When the change was asked for first. */
  readonly at: number
  /** When it was confirmed. */
  readonly until: number
  readonly conv: string
  readonly user: string
  readonly change: 'added' | 'removed' | 'unknown'
}

/** A change that was asked for again and again after the healing and never confirmed. */
export interface UnconfirmedEvent {
  readonly type: 'unconfirmed'
  readonly at: number
  readonly what: string
}

/** The login of a session was ended, and the server confirmed it. */
export interface RevokeEvent {
  readonly type: 'revoke'
  readonly at: number
  readonly session: string
}

/** What a push provider was asked to do on a device. */
export interface PushEvent {
  readonly type: 'push'
  readonly at: number
  readonly device: string
  readonly user: string
  readonly conv: string
  readonly seq: number
  readonly action: 'show' | 'cancel'
}

/** A person had no connection at all from `at` to `until`, and a device that can be pushed to. */
export interface OfflineEvent {
  readonly type: 'offline'
  readonly at: number
  readonly until: number
  readonly user: string
  readonly device: string
}

/** A message with an attachment was acknowledged. */
export interface UploadEvent {
  readonly type: 'upload'
  readonly at: number
  readonly conv: string
  readonly key: string
  readonly sha: string
}

/** Somebody asked for an attachment. `sha` of what came, with status 200. */
export interface DownloadEvent {
  readonly type: 'download'
  readonly at: number
  readonly until: number
  readonly user: string
  readonly key: string
  readonly status: number
  readonly sha?: string
}

/** A fault of the nemesis, from its first effect to its end. */
export interface FaultEvent {
  readonly type: 'fault'
  readonly at: number
  readonly until: number
  /** `pause chat-1`. */
  readonly name: string
}

/** The most memory that a server was seen to use. */
export interface MemoryEvent {
  readonly type: 'memory'
  readonly node: string
  readonly rssBytes: number
}

/** `heal`: faults are over, the liveness bound starts. `done`: the history was closed. */
export interface NemesisEvent {
  readonly type: 'nemesis'
  readonly at: number
  readonly mark: 'kill' | 'ready' | 'heal' | 'done'
  /** With `heal`: the bound, when it is not the usual one. */
  readonly withinMs?: number
}

/** A node's final log of `conv` follows; `messages`: it shows entries of the kind message only. */
export interface DumpEvent {
  readonly type: 'dump'
  readonly node: string
  readonly conv: string
  readonly scope: 'all' | 'messages'
}

export interface FinalEvent extends Seen {
  readonly type: 'final'
  readonly node: string
  readonly conv: string
  readonly kind: string
  /** Where the store keeps it; absent for nodes that cannot know. */
  readonly bucket?: number
}

/** A dedupe row of the store. `seq` is null when the row is void: the send was refused for ever. */
export interface DedupeEvent {
  readonly type: 'dedupe'
  readonly conv: string
  readonly bucket: number
  readonly author: string
  readonly cid: string
  readonly seq: number | null
}

export type DrillEvent =
  | SendEvent
  | OkEvent
  | FailEvent
  | InfoEvent
  | ResumeEvent
  | ResyncEvent
  | RecvEvent
  | HistoryEvent
  | ReadEvent
  | UnreadEvent
  | SessionEvent
  | LeaveEvent
  | MembershipEvent
  | UnconfirmedEvent
  | RevokeEvent
  | PushEvent
  | OfflineEvent
  | UploadEvent
  | DownloadEvent
  | FaultEvent
  | MemoryEvent
  | StopEvent
  | NemesisEvent
  | DumpEvent
  | FinalEvent
  | DedupeEvent

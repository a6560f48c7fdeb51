import type { ConversationRef } from '../../conversations/conversations.ts'

/*
 * The state of this server's connections: flat objects without behaviour, one shape each, because there are tens
 * of thousands of them. The functions around them own the transitions.
 */

/** The part of a WebSocket the gateway uses. */
export interface Socket {
  readonly readyState: number
  send(text: string): number
  close(code?: number, reason?: string): void
  /** Drops the connection without a close frame. */
  terminate(): void
  subscribe(topic: string): boolean
  unsubscribe(topic: string): boolean
  /** What `callback` sends leaves in one write. */
  cork(callback: () => void): unknown
  getBufferedAmount(): number
}

/** open → authenticating → ready → closed; `closed` from anywhere. */
export type Phase = 'open' | 'authenticating' | 'ready' | 'closed'

/** One WebSocket: its `data`. */
export class Connection {
  phase: Phase = 'open'
  /** Null before `open` and after `close`: Bun's object must not be held longer. */
  socket: Socket | null = null
  user: LocalUser | null = null
  /** Login of the access token. */
  sid = ''
  /** When the token expires, seconds since the Unix epoch. */
  expiresAt = 0
  /** Until `hello`. */
  address: string
  /** Index in the list that the sweep walks. */
  slot = -1

  /** Seconds of the monotonic clock. */
  openedAt: number
  validAt: number
  loginCheckedAt = 0
  stalledFor = 0
  stalledBytes = 0

  /** GCRA arrival times, monotonic milliseconds. */
  framesAt = 0
  bytesAt = 0
  controlAt = 0
  typingAt: Map<string, number> | null = null
  brokenFrames = 0

  /**
   * Rooms this socket is not live in yet, with the seq it has; null when it is live in all. A room leaves the map
   * in the tick that sends the last entry the room had published before.
   */
  behind: Map<Room, number> | null = null
  /** The rooms a sync under way is about, with their heads; what is left meanwhile leaves this too. */
  placing: Map<Room, number> | null = null
  /** Rooms the client was not told of, because it is about to hear that it left them; nothing of them is sent. */
  untold: Set<Room> | null = null
  /** The answer to a sync, as far as the socket has not taken it; goes out before `notices`. */
  answer: string[] | null = null
  /** Frames that go out before anything of `behind`. */
  notices: string[] | null = null
  /**
   * Nothing is sent: the client has not said yet where it stands. Live in no room; `behind` has the rooms that have
   * moved on meanwhile.
   */
  held = false
  /** A part of the backlog is being read from the log. */
  reading = false

  /** Since when a command is unfinished, seconds; 0 for none. Frames wait in `queue` meanwhile. */
  busySince = 0
  queue: string[] | null = null
  queuedUnits = 0
  /** Commands that wait for the store while others go on: sends, read positions. */
  inFlight = 0
  /** Acknowledgements that leave at the end of the tick. */
  replies: string[] | null = null

  /** `watch` frames so far: only the newest counts. */
  watchRuns = 0
  /** False while the person is away from this device. */
  active = true
  /** The conversation open on this device. */
  focus: string | null = null
  /** The last frame but `ping`, seconds of the monotonic clock; after a long time the person counts as away. */
  actedAt: number
  idle = false

  constructor(address: string, nowSeconds: number) {
    this.address = address
    this.openedAt = nowSeconds
    this.validAt = nowSeconds
    this.actedAt = nowSeconds
  }
}

/** One person with at least one connection here, or until lately. */
export class LocalUser {
  readonly id: string
  status: 'online' | 'away' = 'online'
  /** Since when, milliseconds since the Unix epoch; 0 before the first `hello`. */
  since = 0
  /** The person hides from everybody: neither typing nor counts may tell of them. */
  invisible = false
  /** GCRA arrival time of the next look at somebody's memberships, monotonic milliseconds. */
  lookupsAt = 0
  /** Oldest first. */
  connections: Connection[] = []
  /** The conversations, not the own log. */
  rooms: Room[] = []
  /** The own log; set while loading. */
  log: Room | null = null
  /** Pending until orders for the user are heard. */
  listening: Promise<void> | null = null
  /** Pending while the rooms are being opened. */
  ready: Promise<void> | null = null
  /** Grows with every membership change heard, so that what was read before it is not believed. */
  version = 0
  /** Grows with every move of a read position heard, for the same reason. */
  moves = 0
  /** Conversations being entered, with the attempt that counts and the seq of the joining. */
  joining: Map<string, { readonly head: number }> | null = null
  /** Pending while conversations are being entered. */
  entering: Promise<unknown> | null = null
  /** What `rooms` was made of, kept for the first sync only. */
  refs: readonly ConversationRef[] | null = null
  /** GCRA arrival times of the next message and the next query, monotonic milliseconds. */
  messagesAt = 0
  queriesAt = 0
  /** Pending until the next query may begin. */
  querying: Promise<void> | null = null
  /** When the last connection went, monotonic milliseconds. */
  idleSince = 0
  released = false

  constructor(id: string) {
    this.id = id
  }
}

const NOBODY: LocalUser[] = []

/** One log followed on this server: a conversation with local members, or a user's own log. */
export class Room {
  /** Id of the log, and name of the native topic. */
  readonly id: string
  /** The user whose own log it is; null for a conversation. */
  readonly owner: LocalUser | null
  /** Local people in it, in no order. */
  readonly members: LocalUser[]
  /** Those in it, and those looking whether they are; the room closes with the last. */
  holders = 0
  /** Its members' sockets have joined its native topic. */
  isWarm = false
  closed = false
  ready: Promise<void> | null = null

  /** Since when every entry is reached; what was read of the conversation before may lack one. Monotonic ms. */
  followedSince = Infinity
  /** The seq expected next; 0 while the head is not known yet. */
  next = 0
  /** The last seq sent to the live connections. */
  published = 0
  /** The highest seq heard of, which may be beyond `next`. */
  announced = 0
  /** Encoded entries up to `next` − 1, the newest ones; those after `published` are always among them. */
  window: string[] | null = null
  windowUnits = 0
  /** Monotonic milliseconds. */
  windowUsedAt = 0
  flushedAt = 0
  /** Nothing is flushed before, monotonic milliseconds. */
  flushAfter = 0
  sentAt = 0
  /** It waits for a flush. */
  dirty = false
  /** The gap up to `announced` is being read. */
  fetching: Promise<void> | null = null
  /** The window is being extended backwards. */
  filling: Promise<void> | null = null
  /** GCRA arrival time of the next typing notice. */
  typingAt = 0

  constructor(id: string, owner: LocalUser | null) {
    this.id = id
    this.owner = owner
    // Nobody enters a person's own log, of which there are as many as people.
    this.members = owner === null ? [] : NOBODY
  }
}

/** What was read of the user's read positions before this moment is not believed any more. */
export function noteMove(user: LocalUser): void {
  user.moves++
  user.refs = null
}

/** The own log first: it says which conversations there are. */
export function roomsOf({ log, rooms }: LocalUser): readonly Room[] {
  return log === null ? rooms : [log, ...rooms]
}

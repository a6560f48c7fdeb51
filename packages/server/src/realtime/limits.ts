/** Limits of the socket edge that are no part of the wire; those are in `@tam/protocol`. */

/** Entries of a conversation that arrive within this time share a frame, milliseconds. */
export const FLUSH_WINDOW_MS = 3
/**
 * As much longer is the window of a conversation per person, after a frame that several entries shared: writing to all
 * its sockets takes half of that, so that bursts in a large room take half of a core, not all, and share more frames.
 */
export const FLUSH_WINDOW_PERSON_MS = 0.012
export const FLUSH_WINDOW_MAX_MS = 25
/** UTF-16 units of entries in one frame; an entry larger than this travels alone. */
export const FRAME_UNITS_MAX = 32 * 1024
/** UTF-8 bytes of entries in one bus message; more travels as a hint. */
export const BUS_BODY_MAX_BYTES = 8 * 1024
/** Encoded entries kept per active conversation, so that a short gap is closed from memory. */
export const WINDOW_ENTRIES_MAX = 200
/** UTF-16 units kept in all windows together; past it the coldest windows are dropped. */
export const WINDOWS_UNITS_MAX = 32 * 1024 * 1024
/** A window nobody used for this long is dropped, milliseconds. */
export const WINDOW_IDLE_MS = 60_000
/** A room keeps its native topic this long after its last frame, milliseconds. */
export const WARM_MS = 60_000
/** Entries read from the log at once while a gap is closed. */
export const READ_CHUNK = 200

/**
 * This often, ± HEAD_CHECK_JITTER_MS, heads of all rooms are compared with their logs unless all servers were heard
 * telling them.
 */
export const HEAD_CHECK_MS = 4_000
export const HEAD_CHECK_JITTER_MS = 500
/** The same while the bus is not heard. */
export const HEAD_CHECK_DEGRADED_MS = 500
/** While all servers are heard every room is looked at once within this, as a last resort, milliseconds. */
export const HEAD_SWEEP_MS = 600_000
/** The same where nothing published is missed; once then, everything is looked over all the same. */
export const HEAD_CHECK_LOSSLESS_MS = 60_000
/** Heads asked for at once. */
export const HEAD_CHECK_CHUNK = 256
/** The canary is sent through the bus this often, and missed after this long. */
export const CANARY_MS = 1_000
export const CANARY_LOST_MS = 3_000

/** A connection whose client sends nothing after `hello` goes live after this, milliseconds. */
export const LIVE_AFTER_MS = 250
/** Newcomers looked up at once; the others wait, so that a storm of them does not drown the store in reads. */
export const HANDSHAKES_AT_ONCE = 64
export const HANDSHAKES_WAITING_MAX = 20_000
export const HANDSHAKE_RETRY_MS = 2_000
/** Lists of conversations made at once, and those that wait for it; more are refused `rate_limited`. */
/** UTF-16 units of conversations in one frame of the answer to a sync; a larger conversation still goes alone. */
export const SYNC_FRAME_UNITS_MAX = 128 * 1024
export const SYNCS_AT_ONCE = 8
export const SYNCS_WAITING_MAX = 20_000
export const SYNC_RETRY_MS = 2_000
/** Unsent bytes above which a backlog waits for the socket to drain. */
export const BACKLOG_PAUSE_BYTES = 512 * 1024
/** Unsent bytes above which presence is dropped. */
export const EPHEMERAL_PAUSE_BYTES = 64 * 1024
/** Unsent bytes above which Bun closes the socket. */
export const BACKPRESSURE_MAX_BYTES = 1024 * 1024
/** A socket that takes nothing for this long is closed 4408, seconds. */
export const STALLED_SECONDS = 5
/** The user's rooms stay open this long after the last connection, so that a reload costs nothing, milliseconds. */
export const LINGER_MS = 10_000

/** Frames per second and connection, and the burst above it. */
export const FRAMES_PER_SECOND = 50
export const FRAMES_BURST = 100
/** Bytes per second and connection, and the burst above it. */
export const BYTES_PER_SECOND = 256 * 1024
export const BYTES_BURST = 512 * 1024
/** Pages of history and of 20 conversations in a sync, and watches, per second and person, and the burst above it. */
export const QUERIES_PER_SECOND = 20
export const QUERIES_BURST = 500
export const SYNCED_PER_QUERY = 20
/** Pings and pongs per second and connection. */
export const CONTROL_FRAMES_PER_SECOND = 10
export const CONTROL_FRAMES_BURST = 20
/** Broken or unknown frames before the connection is closed 4400. */
export const BROKEN_FRAMES_MAX = 10
/** A person's read position of one conversation is taken this often at most, milliseconds. */
export const READ_PACE_MS = 250
/** Typing notices relayed per second and conversation, whoever sends them. */
export const ROOM_TYPING_PER_SECOND = 10
/** Conversations in which one connection's typing is counted. */
export const TYPING_CONVERSATIONS_MAX = 64
/** Unauthenticated connections of one address. */
export const UNAUTHENTICATED_PER_ADDRESS_MAX = 60
/** Commands of one connection that wait for the store; later frames wait in its queue. */
export const IN_FLIGHT_MAX = 256
/** Frames, and UTF-16 units of them, that wait behind an unfinished command of their connection; more is 4429. */
export const QUEUED_FRAMES_MAX = 256
export const QUEUED_UNITS_MAX = 512 * 1024
/** A connection whose command has not finished by then is closed, seconds: another server may do better. */
export const COMMAND_DEADLINE_SECONDS = 10
/** UTF-16 units of entries in one history reply; a page is cut to fit. */
export const HISTORY_UNITS_MAX = 256 * 1024

/** A connection may outlive its token by this, seconds. */
export const TOKEN_LEEWAY_SECONDS = 60
/** Seconds without a valid frame after which a connection is closed: two heartbeats and 10 s. */
export const SILENCE_SECONDS = 60
/** Every connection's login is read again from kv this often, seconds, beside the revocations heard on the bus. */
export const LOGIN_CHECK_SECONDS = 10
/** The same where no revocation is missed on the bus. */
export const LOGIN_CHECK_LOSSLESS_SECONDS = 60
/** After a pause of the process this long nothing it believes holds any more, milliseconds. */
export const FROZEN_MS = 10_000

/** Clients spread their leaving over this time after `drain`, milliseconds. */
export const DRAIN_SPREAD_MS = 5_000
/** A drained server has closed everything by then, milliseconds. */
export const DRAIN_DEADLINE_MS = 8_000
/** A person who sends nothing but `ping` is away after this, seconds. */
export const IDLE_SECONDS = 600
/** How often it is looked who is, seconds. */
export const IDLE_LOOK_SECONDS = 10
/** Of how many people who are not connected here the conversations are remembered, and for how long: as sharing one, and as not. */
export const ACQUAINTANCES_REMEMBERED_MAX = 5_000
export const ACQUAINTANCES_AGE_MS = 30_000
export const STRANGERS_AGE_MS = 4_000
/** People looked up at once, and by one person in LOOKUPS_PERIOD_MS; more are taken for strangers until later. */
export const LOOKUPS_AT_ONCE = 16
export const LOOKUPS_PER_PERIOD = 400
export const LOOKUPS_PERIOD_MS = 10_000

/**
 * Hellos and syncs after which their garbage is collected. Measured at 5,000 connections after hello and after a sync:
 * 5 and 6.5 KiB each with 500, 7.4 and 9 KiB with 1,000; 250 saves another half KiB and costs a fifth of the CPU of a
 * connect.
 */
export const TIDY_HANDSHAKES = 500
/** After so long without a new connection a storm is over, milliseconds. */
export const TIDY_QUIET_MS = 3_000
/** Connections above which nothing is collected on purpose. */
export const TIDY_CONNECTIONS_MAX = 20_000

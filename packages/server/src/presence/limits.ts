/** Shards people are spread over; the same at every server of a fleet. */
export const SHARDS = 256

/*
 * Chat servers: leases
 */

/** A lease that is not renewed says nothing after this, milliseconds. */
export const LEASE_TTL_MS = 22_000
/** Every lease is renewed this often: two renewals may be lost. */
export const LEASE_RENEW_MS = 8_000
/** Between two writes of changed leases, milliseconds; the first change after a quiet time is written at once. */
export const LEASE_WRITE_MS = 40
/** What could not be written is tried again after this, milliseconds. */
export const LEASE_RETRY_MS = 1_000
/** That somebody left is said this long, so that a presence server which takes over hears of it, milliseconds. */
export const GONE_KEPT_MS = 40_000
/** A process that stood still longer than this believes nothing it held, milliseconds. */
export const FROZEN_MS = 10_000

/*
 * Chat servers: watching
 */

/** A client receives at most one frame in this time, and a change waits no longer, milliseconds. */
export const FRAME_MS = 1_000
/** How often it is looked for frames that are due, milliseconds. */
export const FRAME_LOOK_MS = 100
/** New questions are collected this long: whoever came here before was written down by then. Milliseconds. */
export const ASK_COLLECT_MS = LEASE_WRITE_MS + 10
/** A question is repeated this often: the answer renews the belief, and repairs what the bus lost. */
export const ASK_RENEW_MS = 5_000
/** People in one question; more make several. */
export const ASK_PEOPLE_MAX = 500
/** A first answer is waited for this long, milliseconds; then the status is unknown. */
export const ANSWER_WAIT_MS = 900
/**
 * A belief that was not confirmed for this long is none, milliseconds: longer than another presence server needs to take
 * over, with its time of grace.
 */
export const UNKNOWN_AFTER_MS = 28_000
/** Whom a client may see is looked up again this often, milliseconds; sooner while strangers are on its screen. */
export const RECHECK_MS = 30_000
export const RECHECK_STRANGERS_MS = 5_000
/** Clients whose watch is looked at again in one second. */
export const RECHECKS_PER_SECOND = 50

/*
 * Presence servers
 */

/** The lease of a presence server, and how often it is renewed. */
export const SERVER_LEASE_MS = 9_000
export const SERVER_RENEW_MS = 3_000
/** A presence server that did not hear itself through the bus for this long leaves its shards to others. */
export const CANARY_LOST_MS = 6_000
/** How often a presence server looks what is due, milliseconds. */
export const SERVER_TICK_MS = 500
/** All leases of a shard are read this often; changes are heard on the bus before that. */
export const READ_MS = 5_000
/** Leases that could not be read for this long say nothing any more: no answer, no guess. */
export const READ_LOST_MS = 10_000
/** Leases must have been readable this long before their absence means anything: every chat server has renewed. */
export const GRACE_MS = LEASE_RENEW_MS + 2_000
/** Somebody who turns away from the keyboard is shown as away after this, milliseconds. */
export const AWAY_AFTER_MS = 3_000
/** Answers to one chat server are collected this long, milliseconds. */
export const ANSWER_COLLECT_MS = 20
/** People in one answer; more make several. */
export const ANSWER_PEOPLE_MAX = 500
/** A chat server that asked hears of changes this long. */
export const INTEREST_MS = 3 * ASK_RENEW_MS + 1_000
/** Interests and people nobody speaks of are let go this often, milliseconds. */
export const SWEEP_MS = 5_000
/** Settings and last-seen times older than this are read again when somebody asks, milliseconds. */
export const FACTS_AGE_MS = 60_000
/** People whose facts are read at once. */
export const FACTS_CHUNK = 200
/** Conversations of one person in a status. */
export const CONVS_MAX = 5

/*
 * Last seen
 */

/** Writes per second of one presence server. */
export const SEEN_WRITES_PER_SECOND = 100
/** People whose time waits to be written; past it the oldest is forgotten. */
export const SEEN_WAITING_MAX = 50_000
/** Somebody who stays is written down this often, so that losing everything costs no more, milliseconds. */
export const SEEN_REFRESH_MS = 600_000

/*
 * Counts of large conversations
 */

/** Counts are made and read this often, milliseconds. */
export const COUNT_MS = 5_000
export const COUNT_LEASE_MS = 3 * COUNT_MS
/** A count that was not wanted before is made after this, milliseconds. */
export const COUNT_SOON_MS = 200
/** Conversations one server has counted at once; more get no count. */
export const COUNTED_MAX = 1_000

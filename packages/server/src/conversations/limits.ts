import type { Kind } from '@tam/protocol'

/** People in one conversation. Beyond: `forbidden`. */
export const MEMBERS_MAX: Record<Kind, number> = { direct: 2, group: 1_000, channel: 10_000 }
/** Owners and admins of one conversation. Beyond: `forbidden`. */
export const STAFF_MAX = 100
/** Conversations one may be in by one's own doing. Beyond: `forbidden`. */
export const CONVERSATIONS_MAX = 2_000
/** Rows read of one user's side; those added by others count too. */
export const REFS_MAX = 10_000
/** Invitations of one conversation one could still join with. Beyond: `forbidden`. */
export const INVITES_MAX = 100
/** The same with those that ended less than a day ago; past it those are forgotten sooner. */
export const INVITE_ROWS_MAX = 200
/** Seconds an invitation is valid when nothing is said. */
export const INVITE_DEFAULT_SECONDS = 7 * 86_400
/** Seconds an invitation that ended, by its time or taken back, is known as ended (410) before it is unknown (404). */
export const INVITE_GRACE_SECONDS = 86_400
/** Public channels looked through by one browse, and answered. */
export const CHANNELS_SCAN_MAX = 10_000
export const CHANNELS_REPLY_MAX = 100
/** People who become members by one change, because they join at the same time. */
export const JOINERS_MAX = 100
/** Changes waiting for one conversation in this process. Beyond: `unavailable`. */
export const CHANGES_WAITING_MAX = 1_000
/** Times a change is decided anew after losing to another one. Beyond: `unavailable`. */
export const CHANGE_ATTEMPTS_MAX = 20
/** Partitions that intents are spread over. */
export const SAGA_SHARDS = 8
/** Intents read of one shard by one sweep. */
export const SWEEP_MAX = 500
/** Milliseconds before the sweeper touches an intent: its owner is probably still at work. */
export const INTENT_REST_MS = 10_000
/** Milliseconds before the sweeper believes that a first message of unknown outcome will not come. */
export const FIRST_MESSAGE_REST_MS = 60_000
/** Seconds a left conversation is remembered against late repeats. */
export const LEFT_SECONDS = 7 * 86_400
/** Steps of one operation done at a time. */
export const PARALLEL_STEPS = 16

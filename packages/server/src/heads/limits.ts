/** Every server tells this often how far the logs are that it appended to, milliseconds. */
export const DIGEST_MS = 1_000
/** Heads of one digest; more go into another one at once. */
export const DIGEST_HEADS_MAX = 1_000
/** After a commit of unknown outcome its log is in doubt for this long: the store may still apply it, milliseconds. */
export const DOUBT_MS = 15_000
/** A server whose digests have not come for this long is silent, milliseconds. */
export const SILENT_MS = 3_000
/** A server renews its row in the list this often, milliseconds. */
export const RENEW_MS = 10_000
/** One whose row has not changed for this long is gone: more than RENEW_MS + DOUBT_MS, so that doubt ends before. */
export const GONE_MS = 30_000
/** Rows of servers stay this long after their last renewal, seconds: longer than any clock is wrong. */
export const ROW_SECONDS = 7_200
/** Servers of one fleet, of all roles, and those that ended within ROW_SECONDS. */
export const SERVERS_MAX = 10_000

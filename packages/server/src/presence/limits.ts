/** A client receives at most one frame in this time, and a change waits no longer, milliseconds. */
export const PRESENCE_TICK_MS = 1_000
/** A lease that is not renewed says nothing after this, milliseconds. */
export const LEASE_TTL_MS = 30_000
/** Every person's lease is renewed this often, milliseconds. */
export const LEASE_RENEW_MS = 10_000
/** How long the end of a presence is remembered, milliseconds. */
export const LAST_SEEN_TTL_MS = 7 * 86_400_000
/** The lease of a watched person who is not here is read again this often, milliseconds. */
export const LEASE_READ_MS = 5_000
/** Leases read in one tick; the rest follow in the next ones. */
export const LEASE_READS_PER_TICK = 500

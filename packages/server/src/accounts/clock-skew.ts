/**
 * How far apart the wall clocks of two servers may be with nobody being refused or signed out for it, milliseconds.
 * Further apart is an alarm, see roles/clock-watch.ts.
 */
export const CLOCK_SKEW_MS = 60_000

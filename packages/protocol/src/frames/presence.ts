import { z } from 'zod'
import { ServerId, Timestamp } from '../ids.ts'
import { WATCH_MAX } from '../limits.ts'

/* → watch replaces the set of people on screen; ← presence for all of them now, then changes, ≤ 1 frame a second. */
export const WatchFrame = z.strictObject({ t: z.literal('watch'), users: z.array(ServerId).max(WATCH_MAX) })
export type WatchFrame = z.infer<typeof WatchFrame>

/* → focus: which conversation is open, and whether the person is active. Best effort, no reply. */
export const FocusFrame = z.strictObject({
  t: z.literal('focus'),
  conv: ServerId.nullable(),
  active: z.boolean(),
})
export type FocusFrame = z.infer<typeof FocusFrame>

export const Presence = z.object({
  id: ServerId,
  status: z.enum(['online', 'away', 'offline', 'unknown']),
  /** When the status began. */
  since: Timestamp,
  /** How old this knowledge may be: the moment it was last confirmed. */
  asOf: Timestamp,
})
export type Presence = z.infer<typeof Presence>

export const PresenceFrame = z.object({ t: z.literal('presence'), users: z.array(Presence) })
export type PresenceFrame = z.infer<typeof PresenceFrame>

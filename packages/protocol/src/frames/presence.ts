import { z } from 'zod'
import { ServerId, Timestamp } from '../ids.ts'
import { WATCH_CONVS_MAX, WATCH_MAX } from '../limits.ts'

/*
 * → watch replaces what is on screen: people, and conversations whose online members are to be counted.
 * ← presence for all of it now, then changes, ≤ 1 frame a second.
 */
export const WatchFrame = z.strictObject({
  t: z.literal('watch'),
  users: z.array(ServerId).max(WATCH_MAX),
  convs: z.array(ServerId).max(WATCH_CONVS_MAX).optional(),
})
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
  /** `dnd`: connected, and asked not to be disturbed. `unknown`: nobody can tell now. */
  status: z.enum(['online', 'away', 'dnd', 'offline', 'unknown']),
  /** When the status began: for `offline` when the person was last seen. Absent for those who do not show it. */
  since: Timestamp.optional(),
  /** How old this knowledge may be: the moment it was last confirmed. */
  asOf: Timestamp,
  /** Conversations the person has open and is active in, of those one is in oneself; absent for none. */
  convs: z.array(ServerId).optional(),
})
export type Presence = z.infer<typeof Presence>

/** People in a conversation who are online and show it. One with devices on several servers may count for each. */
export const OnlineCount = z.object({ id: ServerId, online: z.int().min(0), asOf: Timestamp })
export type OnlineCount = z.infer<typeof OnlineCount>

export const PresenceFrame = z.object({
  t: z.literal('presence'),
  users: z.array(Presence),
  counts: z.array(OnlineCount).optional(),
})
export type PresenceFrame = z.infer<typeof PresenceFrame>

import { z } from 'zod'
import { RequestId } from '../ids.ts'
import { User } from '../user.ts'

export const PingFrame = z.strictObject({ t: z.literal('ping') })
export const PongFrame = z.object({ t: z.literal('pong') })

/** Go elsewhere, after a delay the client spreads uniformly in [0, afterMs). */
export const DrainFrame = z.object({ t: z.literal('drain'), afterMs: z.int().min(0) })
export type DrainFrame = z.infer<typeof DrainFrame>

/** What is told once and is in no log (read positions, profiles) may have been lost: `sync`, and ask for people anew. */
export const MissedFrame = z.object({ t: z.literal('missed') })

/** A refused command. `retry`: repeat the same command (same cid) later; false: it never took effect and never will. */
export const ErrFrame = z.object({
  t: z.literal('err'),
  id: RequestId.optional(),
  code: z.string(),
  retry: z.boolean(),
  detail: z.string().optional(),
})
export type ErrFrame = z.infer<typeof ErrFrame>

/** A name, avatar or status text changed. */
export const ProfileFrame = z.object({ t: z.literal('profile'), users: z.array(User) })
export type ProfileFrame = z.infer<typeof ProfileFrame>

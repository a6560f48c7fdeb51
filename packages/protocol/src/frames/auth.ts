import { z } from 'zod'
import { ClientId, ServerId, Timestamp } from '../ids.ts'
import { Me } from '../user.ts'

/*
 * → auth, the first frame, within 5 s and 4 KiB; ← hello. A later auth for the same user renews the token
 * before it expires and is answered by hello again; for another user the connection is closed 4403.
 * From hello on the connection receives the new entries of all its conversations.
 */
export const AuthFrame = z.strictObject({
  t: z.literal('auth'),
  token: z.string().min(1).max(3_500),
  device: ClientId,
})
export type AuthFrame = z.infer<typeof AuthFrame>

export const HelloFrame = z.object({
  t: z.literal('hello'),
  session: ServerId,
  user: Me,
  /** Which server answered. */
  node: z.string(),
  /** Cursors belong to an epoch; a restored backup starts another. */
  epoch: z.string(),
  heartbeatMs: z.int(),
  serverTime: Timestamp,
})
export type HelloFrame = z.infer<typeof HelloFrame>

import { z } from 'zod'
import { Cursor, ServerId } from '../ids.ts'

/* → read moves one's own position forward (never back, never past head); it is stored, then told to one's own
 * devices and, in direct conversations and groups, to the other members. No reply. */
export const ReadFrame = z.strictObject({ t: z.literal('read'), conv: ServerId, seq: Cursor })
export type ReadFrame = z.infer<typeof ReadFrame>

export const ReadNotice = z.object({
  t: z.literal('read'),
  conv: ServerId,
  user: ServerId,
  seq: Cursor,
  /** Present on one's own devices: the unread count after the move. */
  unread: z.int().optional(),
})
export type ReadNotice = z.infer<typeof ReadNotice>

import { z } from 'zod'
import { Message } from '../entry.ts'
import { Cursor, Seq, Timestamp } from '../ids.ts'

/** Messages ascending by seq, already folded; `limit` counts messages. */
export const MessagesReply = z.object({
  messages: z.array(Message),
  hasBefore: z.boolean(),
  hasAfter: z.boolean(),
  /** Seq of the newest entry of any type. */
  head: Cursor,
})
export type MessagesReply = z.infer<typeof MessagesReply>

/** 201 when this call stored it, 200 when an earlier one with the same cid had. */
export const SendReply = z.object({ cid: z.string(), seq: Seq, at: Timestamp }).meta({ id: 'SendReply' })
export type SendReply = z.infer<typeof SendReply>

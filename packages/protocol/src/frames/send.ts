import { z } from 'zod'
import { ClientId, Cursor, RequestId, Seq, ServerId, Timestamp } from '../ids.ts'
import { MessageText } from '../text.ts'

/** The fields of a send, the same over the socket and over HTTP. */
export const SendBody = z.strictObject({
  /** Names the logical send: a retry repeats it and gets the same seq. */
  cid: ClientId,
  /** Highest seq applied when the message was written; never raised on a retry. Absent means 0. */
  base: Cursor.optional(),
  /** cid of the preceding unacknowledged send to this conversation; if that was not stored, this is not either. */
  prev: ClientId.optional(),
  /** True from the second attempt on. */
  resend: z.boolean().optional(),
  text: MessageText,
  replyTo: Seq.optional(),
})
export type SendBody = z.infer<typeof SendBody>

/* → send; ← ok only after the entry is durable, or err: retry says whether to repeat the same cid. */
export const SendFrame = SendBody.extend({ t: z.literal('send'), id: RequestId, conv: ServerId })
export type SendFrame = z.infer<typeof SendFrame>

export const SendOk = z.object({ t: z.literal('ok'), id: RequestId, cid: ClientId, seq: Seq, at: Timestamp })
export type SendOk = z.infer<typeof SendOk>

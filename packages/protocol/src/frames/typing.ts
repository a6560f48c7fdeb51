import { z } from 'zod'
import { ServerId } from '../ids.ts'

/* → typing while composing, at most every 3 s; relayed to the others, forgotten 6 s later. Best effort, no reply. */
export const TypingFrame = z.strictObject({ t: z.literal('typing'), conv: ServerId })
export type TypingFrame = z.infer<typeof TypingFrame>

export const TypingNotice = z.object({ t: z.literal('typing'), conv: ServerId, user: ServerId })
export type TypingNotice = z.infer<typeof TypingNotice>

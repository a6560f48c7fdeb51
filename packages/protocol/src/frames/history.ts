import { z } from 'zod'
import { ConversationEntry } from '../entry.ts'
import { Cursor, RequestId, ServerId } from '../ids.ts'
import { PAGE_MAX } from '../limits.ts'

/*
 * → history with exactly one of before (exclusive), after (exclusive), around; ← ok with raw entries, ascending.
 * `state` folds later changes of those entries as of `head`, so that an old page shows later edits.
 * The end of history is reached when the first entry has seq 1, not when a page is short.
 */
export const HistoryFrame = z
  .strictObject({
    t: z.literal('history'),
    id: RequestId,
    conv: ServerId,
    before: Cursor.optional(),
    after: Cursor.optional(),
    around: Cursor.optional(),
    limit: z.int().min(1).max(PAGE_MAX).optional(),
  })
  .refine(
    (frame) =>
      [frame.before, frame.after, frame.around].filter((position) => position !== undefined).length === 1,
    'exactly one of before, after, around',
  )
export type HistoryFrame = z.infer<typeof HistoryFrame>

/** What later entries made of an entry; absent fields are unchanged. */
export const EntryState = z.object({ text: z.string().optional(), deleted: z.boolean().optional() })
export type EntryState = z.infer<typeof EntryState>

export const HistoryOk = z.object({
  t: z.literal('ok'),
  id: RequestId,
  entries: z.array(ConversationEntry),
  state: z.record(z.string(), EntryState),
  head: Cursor,
})
export type HistoryOk = z.infer<typeof HistoryOk>

import { z } from 'zod'
import { Conversation } from '../conversation.ts'
import { ConversationEntry, UserEntry } from '../entry.ts'
import { Cursor, RequestId, ServerId } from '../ids.ts'
import { SYNC_CURSORS_MAX } from '../limits.ts'

/*
 * → sync with what the client holds; ← ok with every conversation it is in, those that do not fit into one frame
 * before it in `conversations`; then, per log, the missing entries in order, then live ones. A gap over 1,000, a cursor beyond head or one of another epoch gets `resync`.
 * The user's own log is addressed by the user's id.
 */
export const SyncFrame = z.strictObject({
  t: z.literal('sync'),
  id: RequestId,
  epoch: z.string().max(64).optional(),
  cursors: z
    .record(ServerId, Cursor)
    .refine(
      (cursors) => Object.keys(cursors).length <= SYNC_CURSORS_MAX,
      `at most ${SYNC_CURSORS_MAX} cursors`,
    ),
})
export type SyncFrame = z.infer<typeof SyncFrame>

/** A part of the answer to the sync of this id; `ok` brings the rest and ends it. */
export const ConversationsFrame = z.object({
  t: z.literal('conversations'),
  id: RequestId,
  conversations: z.array(Conversation).min(1),
})
export type ConversationsFrame = z.infer<typeof ConversationsFrame>

export const SyncOk = z.object({
  t: z.literal('ok'),
  id: RequestId,
  conversations: z.array(Conversation),
  /** How many there are in all, with those in the parts before; absent when these are all. */
  total: z.int().positive().optional(),
  user: z.object({ head: Cursor }),
})
export type SyncOk = z.infer<typeof SyncOk>

/** Entries of one log, ascending and dense. */
export const EntryFrame = z.object({
  t: z.literal('entry'),
  conv: ServerId,
  entries: z.array(z.union([ConversationEntry, UserEntry])).min(1),
})
export type EntryFrame = z.infer<typeof EntryFrame>

/** Drop what is cached of this log, continue from `head`, page back on demand. */
export const ResyncFrame = z.object({
  t: z.literal('resync'),
  conv: ServerId,
  reason: z.enum(['gap_too_large', 'epoch_changed', 'bad_position', 'hole']),
  head: Cursor,
})
export type ResyncFrame = z.infer<typeof ResyncFrame>

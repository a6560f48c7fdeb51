import { z } from 'zod'
import { HelloFrame } from './auth.ts'
import { DrainFrame, ErrFrame, MissedFrame, PongFrame, ProfileFrame } from './control.ts'
import { HistoryOk } from './history.ts'
import { PresenceFrame } from './presence.ts'
import { ReadNotice } from './read.ts'
import { SendOk } from './send.ts'
import { ConversationsFrame, EntryFrame, ResyncFrame, SyncOk } from './sync.ts'
import { TypingNotice } from './typing.ts'

/** The reply to a command; which one follows from the command that carried the id. */
export const OkFrame = z.union([SyncOk, SendOk, HistoryOk])
export type OkFrame = z.infer<typeof OkFrame>

/** Everything a server may send. */
export const DownFrame = z.union([
  HelloFrame,
  EntryFrame,
  ConversationsFrame,
  SyncOk,
  SendOk,
  HistoryOk,
  ErrFrame,
  ResyncFrame,
  ReadNotice,
  TypingNotice,
  PresenceFrame,
  ProfileFrame,
  MissedFrame,
  DrainFrame,
  PongFrame,
])
export type DownFrame = z.infer<typeof DownFrame>

import { z } from 'zod'
import { AuthFrame } from './auth.ts'
import { PingFrame } from './control.ts'
import { HistoryFrame } from './history.ts'
import { FocusFrame, WatchFrame } from './presence.ts'
import { ReadFrame } from './read.ts'
import { SendFrame } from './send.ts'
import { SyncFrame } from './sync.ts'
import { TypingFrame } from './typing.ts'

/** Everything a client may send. */
export const UpFrame = z.discriminatedUnion('t', [
  AuthFrame,
  SyncFrame,
  SendFrame,
  HistoryFrame,
  ReadFrame,
  TypingFrame,
  WatchFrame,
  FocusFrame,
  PingFrame,
])
export type UpFrame = z.infer<typeof UpFrame>

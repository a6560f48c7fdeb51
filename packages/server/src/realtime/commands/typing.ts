import { TYPING_PER_MINUTE, type TypingFrame } from '@tam/protocol'
import type { Clock } from '@tam/util'
import { type Bus, topics } from '../../ports/bus/bus.ts'
import { typing } from '../frames/encode.ts'
import { gcra, take } from '../gcra.ts'
import type { Rooms } from '../hub/rooms.ts'
import type { Connection, LocalUser } from '../hub/state.ts'
import { TYPING_CONVERSATIONS_MAX } from '../limits.ts'

export interface TypingDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly bus: Pick<Bus, 'publish'>
  readonly rooms: Pick<Rooms, 'get'>
  readonly rateLimitScale: number
}

export type Typing = (connection: Connection, user: LocalUser, frame: TypingFrame) => void

/** Tells the other members. What is too much, meant for a foreign conversation, or of who hides, is dropped without a word. */
export function createTyping({ clock, bus, rooms, rateLimitScale }: TypingDeps): Typing {
  const limit = gcra(TYPING_PER_MINUTE, 60_000, TYPING_PER_MINUTE, rateLimitScale)
  return (connection, user, { conv }) => {
    const room = rooms.get(conv)
    if (room === undefined || user.invisible || !user.rooms.includes(room)) {
      return
    }
    connection.typingAt ??= new Map()
    const at = take(limit, connection.typingAt.get(conv) ?? 0, clock.monotonic())
    if (at < 0 || (connection.typingAt.size >= TYPING_CONVERSATIONS_MAX && !connection.typingAt.has(conv))) {
      return
    }
    connection.typingAt.set(conv, at)
    bus.publish(topics.conversation(conv), typing(conv, user.id))
  }
}

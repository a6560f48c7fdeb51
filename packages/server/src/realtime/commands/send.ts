import type { SendFrame } from '@tam/protocol'
import type { Clock } from '@tam/util'
import type { Messages } from '../../messages/messages.ts'
import { err, sendOk } from '../frames/encode.ts'
import { gcra, take } from '../gcra.ts'
import type { Flusher } from '../hub/flusher.ts'
import type { Connection, LocalUser } from '../hub/state.ts'
import { MESSAGES_BURST, MESSAGES_PERIOD_MS, MESSAGES_PER_PERIOD } from '../limits.ts'
import type { InFlight } from './in-flight.ts'

export interface SendDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly messages: Pick<Messages, 'send'>
  readonly flusher: Pick<Flusher, 'reply'>
  readonly inFlight: InFlight
  readonly rateLimitScale: number
}

export type Send = (connection: Connection, user: LocalUser, frame: SendFrame) => void

/**
 * Stores a message. Does not wait: sends that follow reach `messages` in the order of their frames, and each is
 * acknowledged when its own commit is durable.
 */
export function createSend({ clock, messages, flusher, inFlight, rateLimitScale }: SendDeps): Send {
  const limit = gcra(MESSAGES_PER_PERIOD, MESSAGES_PERIOD_MS, MESSAGES_BURST, rateLimitScale)
  return (connection, user, frame) => {
    const { id, cid, conv } = frame
    const at = take(limit, user.messagesAt, clock.monotonic())
    if (at < 0) {
      flusher.reply(connection, err(id, 'rate_limited'))
      return
    }
    user.messagesAt = at
    const sent = messages.send(user.id, conv, frame)
    inFlight.track(
      connection,
      id,
      sent.then((stored) => flusher.reply(connection, sendOk(id, cid, stored.seq, stored.at))),
    )
  }
}

import type { SendFrame } from '@tam/protocol'
import type { Messages } from '../../messages/messages.ts'
import { err, sendOk } from '../frames/encode.ts'
import type { Flusher } from '../hub/flusher.ts'
import type { Connection, LocalUser } from '../hub/state.ts'
import type { InFlight } from './in-flight.ts'
import type { SendLimit } from './send-limit.ts'

export interface SendDeps {
  readonly messages: Pick<Messages, 'send'>
  readonly flusher: Pick<Flusher, 'reply'>
  readonly inFlight: InFlight
  readonly limit: Pick<SendLimit, 'admits'>
}

export type Send = (connection: Connection, user: LocalUser, frame: SendFrame) => void

/**
 * Stores a message. Does not wait: sends that follow reach `messages` in the order of their frames, and each is
 * acknowledged when its own commit is durable.
 */
export function createSend({ messages, flusher, inFlight, limit }: SendDeps): Send {
  return (connection, user, frame) => {
    const { id, cid, conv } = frame
    if (!limit.admits(user)) {
      flusher.reply(connection, err(id, 'rate_limited'))
      return
    }
    const sent = messages.send(user.id, conv, frame)
    inFlight.track(
      connection,
      id,
      sent.then((stored) => flusher.reply(connection, sendOk(id, cid, stored.seq, stored.at))),
    )
  }
}

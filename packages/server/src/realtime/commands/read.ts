import type { ReadFrame } from '@tam/protocol'
import type { Reads } from '../../messages/reads.ts'
import { type Connection, type LocalUser, noteMove } from '../hub/state.ts'
import type { InFlight } from './in-flight.ts'
import type { ReadPace } from './read-pace.ts'

export interface ReadDeps {
  readonly reads: Pick<Reads, 'mark'>
  readonly inFlight: InFlight
  readonly pace: Pick<ReadPace, 'admit'>
}

export type Read = (connection: Connection, user: LocalUser, frame: ReadFrame) => void

/** Moves the user's own read position. No reply: the move comes back as a `read` frame, a refusal as nothing. */
export function createRead({ reads, inFlight, pace }: ReadDeps): Read {
  return (connection, user, { conv, seq }) => {
    noteMove(user)
    pace.admit(user.id, conv, seq, (position) =>
      inFlight.track(connection, undefined, reads.mark(user.id, conv, position)),
    )
  }
}

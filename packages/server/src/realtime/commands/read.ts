import type { ReadFrame } from '@tam/protocol'
import type { Reads } from '../../messages/reads.ts'
import type { Connection, LocalUser } from '../hub/state.ts'
import type { InFlight } from './in-flight.ts'

export interface ReadDeps {
  readonly reads: Pick<Reads, 'mark'>
  readonly inFlight: InFlight
}

export type Read = (connection: Connection, user: LocalUser, frame: ReadFrame) => void

/** Moves the user's own read position. No reply: the move comes back as a `read` frame, a refusal as nothing. */
export function createRead({ reads, inFlight }: ReadDeps): Read {
  return (connection, user, { conv, seq }) => {
    inFlight.track(connection, undefined, reads.mark(user.id, conv, seq))
  }
}

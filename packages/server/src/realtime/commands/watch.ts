import type { WatchFrame } from '@tam/protocol'
import type { Acquaintances } from '../acquaintances.ts'
import type { Connection, LocalUser } from '../hub/state.ts'
import type { PresenceEdge } from '../presence-edge.ts'
import type { InFlight } from './in-flight.ts'

export interface WatchDeps {
  readonly acquaintances: Acquaintances
  readonly presence: PresenceEdge
  readonly inFlight: InFlight
}

export type Watch = (connection: Connection, user: LocalUser, frame: WatchFrame) => void

/** Replaces what is on the client's screen. Of people one shares no conversation with, nothing is shown but the name. */
export function createWatch(deps: WatchDeps): Watch {
  return (connection, user, frame) => {
    connection.watchRuns++
    deps.inFlight.track(connection, undefined, show(deps, connection, user, frame))
  }
}

async function show(
  { acquaintances, presence }: WatchDeps,
  connection: Connection,
  user: LocalUser,
  { users, convs = [] }: WatchFrame,
): Promise<void> {
  const run = connection.watchRuns
  const people = [...new Set(users)]
  const visible = await acquaintances.of(user, people)
  if (connection.phase === 'ready' && connection.watchRuns === run) {
    presence.watch(connection, user, { people, visible, convs: [...new Set(convs)] })
  }
}

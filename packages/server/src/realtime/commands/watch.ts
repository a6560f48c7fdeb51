import type { WatchFrame } from '@tam/protocol'
import type { Acquaintances } from '../acquaintances.ts'
import type { Flusher } from '../hub/flusher.ts'
import type { Connection, LocalUser } from '../hub/state.ts'
import type { PresenceEdge } from '../presence-edge.ts'
import { type QueryLimit, WATCH_COST } from '../query-limit.ts'
import type { InFlight } from './in-flight.ts'

export interface WatchDeps {
  readonly acquaintances: Acquaintances
  readonly presence: PresenceEdge
  readonly inFlight: InFlight
  readonly flusher: Pick<Flusher, 'defer'>
  readonly queryLimit: QueryLimit
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
  { acquaintances, presence, flusher, queryLimit }: WatchDeps,
  connection: Connection,
  user: LocalUser,
  { users, convs = [] }: WatchFrame,
): Promise<void> {
  const run = connection.watchRuns
  // Of what came together only the newest counts.
  await new Promise<void>((resolve) => flusher.defer(resolve))
  if (connection.watchRuns !== run) {
    return
  }
  await queryLimit.admit(user, WATCH_COST)
  const people = [...new Set(users)]
  const visible = await acquaintances.of(user, people)
  if (connection.phase === 'ready' && connection.watchRuns === run) {
    presence.watch(connection, user, { people, visible, convs: [...new Set(convs)] })
  }
}

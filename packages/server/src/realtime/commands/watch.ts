import type { WatchFrame } from '@tam/protocol'
import type { Access } from '../../access/access.ts'
import type { Presence } from '../../presence/presence.ts'
import type { Users } from '../hub/users.ts'
import type { Connection, LocalUser } from '../hub/state.ts'
import type { InFlight } from './in-flight.ts'
import { ACQUAINTANCE_ROOMS_MAX } from '../limits.ts'

export interface WatchDeps {
  readonly access: Pick<Access, 'member' | 'memberCached'>
  readonly users: Pick<Users, 'get'>
  readonly presence: Presence<Connection>
  readonly inFlight: InFlight
}

export type Watch = (connection: Connection, user: LocalUser, frame: WatchFrame) => void

/** Replaces the people on the client's screen. Only people one shares a conversation with are shown; others never. */
export function createWatch(deps: WatchDeps): Watch {
  return (connection, user, { users }) => {
    connection.watchRuns++
    deps.inFlight.track(connection, undefined, show(deps, connection, user, users))
  }
}

async function show(
  deps: WatchDeps,
  connection: Connection,
  user: LocalUser,
  users: readonly string[],
): Promise<void> {
  const run = connection.watchRuns
  const shown = await acquaintances(deps, user, users)
  if (connection.phase === 'ready' && connection.watchRuns === run) {
    deps.presence.watch(connection, shown)
  }
}

async function acquaintances(deps: WatchDeps, viewer: LocalUser, ids: readonly string[]): Promise<string[]> {
  const shown: string[] = []
  for (const id of ids) {
    if (id === viewer.id || (await areAcquainted(deps, viewer, id))) {
      shown.push(id)
    }
  }
  return shown
}

async function areAcquainted({ access, users }: WatchDeps, viewer: LocalUser, id: string): Promise<boolean> {
  const other = users.get(id)
  if (other !== undefined && other.ready === null) {
    return other.rooms.some((room) => viewer.rooms.includes(room))
  }
  const rooms = viewer.rooms.slice(0, ACQUAINTANCE_ROOMS_MAX)
  if (rooms.some((room) => typeof access.memberCached(room.id, id) === 'string')) {
    return true
  }
  for (const room of rooms) {
    if ((await access.member(room.id, id)) !== undefined) {
      return true
    }
  }
  return false
}

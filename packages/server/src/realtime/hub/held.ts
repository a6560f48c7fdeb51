import type { Connection, LocalUser, Room } from './state.ts'

/**
 * Connections that receive nothing yet, because their client has not said where it stands. Each is at what its rooms
 * had published when it was held. That costs nothing to hold: a room that moves on notes it first, and while people
 * arrive few do.
 */
export class Held {
  readonly #connections = new Set<Connection>()

  get size(): number {
    return this.#connections.size
  }

  add(connection: Connection): void {
    connection.held = true
    this.#connections.add(connection)
  }

  delete(connection: Connection): void {
    connection.held = false
    this.#connections.delete(connection)
  }

  /** Call before `room.published` grows. */
  note(room: Room): void {
    if (this.#connections.size === 0) {
      return
    }
    if (room.owner !== null) {
      noteOf(room.owner, room)
      return
    }
    for (const member of room.members) {
      noteOf(member, room)
    }
  }
}

function noteOf({ connections }: LocalUser, room: Room): void {
  for (const connection of connections) {
    if (connection.held) {
      fallBehind(connection, room)
    }
  }
}

/** The connection has of the room what was published; from now on it has to be caught up. */
export function fallBehind(connection: Connection, room: Room): void {
  if (!connection.behind?.has(room) && !connection.untold?.has(room)) {
    connection.behind ??= new Map()
    connection.behind.set(room, room.published)
  }
}

import type { Connection, Room } from './state.ts'

/*
 * Bun sends one frame to all subscribers of a native topic at the price of one, but every subscription costs memory
 * for as long as it lasts. So a conversation has its topic only while something is going on in it: the first frame
 * subscribes everybody who is live in it, and a sweep lets go of those that have been quiet. Nobody sees a difference.
 */

/** True when the connection receives what the room sends from now on. */
export function isLive({ phase, held, behind, untold }: Connection, room: Room): boolean {
  return phase === 'ready' && !held && !behind?.has(room) && !untold?.has(room)
}

/** Subscribes everybody who is live in the room. */
export function warm(room: Room): void {
  room.isWarm = true
  for (const { connections } of room.members) {
    for (const connection of connections) {
      join(connection, room)
    }
  }
}

/** Subscribes the connection if it is live in the room and the room has a topic. */
export function join(connection: Connection, room: Room): void {
  if (room.isWarm && isLive(connection, room)) {
    connection.socket?.subscribe(room.id)
  }
}

/** Unsubscribes the connection. */
export function part({ socket }: Connection, room: Room): void {
  if (room.isWarm) {
    socket?.unsubscribe(room.id)
  }
}

/** Unsubscribes everybody. What was published before is still delivered. */
export function cool(room: Room): void {
  room.isWarm = false
  for (const { connections } of room.members) {
    for (const { socket } of connections) {
      socket?.unsubscribe(room.id)
    }
  }
}

/** Runs `publish` while the connections of one member are not subscribed. */
export function withoutOwn(room: Room, member: string, publish: () => void): void {
  if (!room.isWarm) {
    warm(room)
  }
  const own = room.members.find(({ id }) => id === member)?.connections ?? []
  for (const { socket } of own) {
    socket?.unsubscribe(room.id)
  }
  publish()
  for (const connection of own) {
    join(connection, room)
  }
}

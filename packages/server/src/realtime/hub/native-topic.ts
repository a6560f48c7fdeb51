import type { Connection, Room } from './state.ts'

/*
 * Bun sends one frame to all subscribers of a native topic at the price of one, but every subscription costs memory
 * for as long as it lasts. So a conversation has its topic only while something is going on in it: the first frame
 * subscribes everybody who is live in it, and a sweep lets go of those that have been quiet. Nobody sees a difference.
 */

/** True when the connection receives what the room sends from now on. */
export function isLive(connection: Connection, room: Room): boolean {
  return connection.phase === 'ready' && !connection.behind?.has(room) && !connection.untold?.has(room)
}

/** Subscribes everybody who is live in the room. */
export function warm(room: Room): void {
  room.isWarm = true
  for (const { connections } of room.members) {
    for (const connection of connections) {
      if (isLive(connection, room)) {
        connection.socket?.subscribe(room.id)
      }
    }
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
    if (isLive(connection, room)) {
      connection.socket?.subscribe(room.id)
    }
  }
}

import type { Clock } from '@tam/util'
import type { Log } from '../../log/log.ts'
import { BLOCK, type EntryCache } from '../../messages/entry-cache.ts'
import { endOfFrame, entryFrame, resync } from '../frames/encode.ts'
import { BACKLOG_PAUSE_BYTES, READ_CHUNK, WINDOW_ENTRIES_MAX } from '../limits.ts'
import type { Flusher } from './flusher.ts'
import { fallBehind } from './held.ts'
import { join, part } from './native-topic.ts'
import type { Rooms } from './rooms.ts'
import { type Connection, type Room, type Socket, roomsOf } from './state.ts'
import type { Windows } from './windows.ts'

export interface CatchUpDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Pick<Log, 'read'>
  readonly entries: Pick<EntryCache, 'read'>
  readonly rooms: Rooms
  readonly windows: Windows
  readonly flusher: Flusher
  /** The backlog cannot be read: the connection has to start over. */
  readonly onFailure: (connection: Connection, error: unknown) => void
}

/**
 * Brings connections from the positions in `behind` to where their rooms are, and splices them in: a connection is
 * live from the tick that sends the last entry the room had published before, so nothing is missed, doubled or out
 * of order. A backlog waits while the socket has much unsent.
 */
export class CatchUp {
  readonly #deps: CatchUpDeps

  constructor(deps: CatchUpDeps) {
    this.#deps = deps
  }

  /** The connection, which is not live in the room, receives its entries after `position` once it advances. */
  add(connection: Connection, room: Room, position: number): void {
    if (connection.phase === 'ready') {
      connection.behind ??= new Map()
      connection.behind.set(room, position)
    }
  }

  /** The connection receives nothing of the room any more. */
  remove(connection: Connection, room: Room): void {
    connection.behind?.delete(room)
    connection.placing?.delete(room)
    connection.untold?.delete(room)
    part(connection, room)
  }

  /** The connection is held no more: in the rooms that have not moved it is live once its answer is out. */
  begin(connection: Connection): void {
    const { socket, user } = connection
    if (socket === null || user === null) {
      return
    }
    socket.cork(() => {
      const isAnswered = sendAll(connection, socket)
      for (const room of roomsOf(user)) {
        if (isAnswered) {
          join(connection, room)
        } else {
          fallBehind(connection, room)
        }
      }
    })
    this.advance(connection)
  }

  /** Sends what can be sent now; called again when the socket drained. */
  advance(connection: Connection): void {
    const { socket } = connection
    if (socket === null || connection.behind === null || connection.held || connection.reading) {
      return
    }
    socket.cork(() => this.#advance(connection, socket))
  }

  #advance(connection: Connection, socket: Socket): void {
    if (!sendAll(connection, socket)) {
      return
    }
    for (const [room, position] of connection.behind ?? []) {
      if (!this.#splice(connection, socket, room, position)) {
        return
      }
    }
    connection.behind = null
  }

  /** @returns false when the connection has to wait */
  #splice(connection: Connection, socket: Socket, room: Room, from: number): boolean {
    const { flusher, windows, clock } = this.#deps
    // Nothing is read for a socket that cannot take it.
    if (socket.getBufferedAmount() >= BACKLOG_PAUSE_BYTES) {
      return false
    }
    let position = from
    if (position > room.published) {
      flusher.flush(room)
    }
    if (position > room.published) {
      void this.#wait(connection, this.#deps.rooms.reach(room, position))
      return false
    }
    if (position < room.published) {
      const entries = windows.slice(room, position + 1, room.published, clock.monotonic())
      if (entries === undefined) {
        void this.#wait(connection, this.#read(connection, room, position))
        return false
      }
      position += push(socket, room, entries)
      if (position < room.published) {
        connection.behind?.set(room, position)
        return false
      }
    }
    connection.behind?.delete(room)
    join(connection, room)
    return true
  }

  async #wait(connection: Connection, reading: Promise<void>): Promise<void> {
    connection.reading = true
    try {
      await reading
    } catch (error) {
      this.#deps.onFailure(connection, error)
    } finally {
      connection.reading = false
    }
    this.advance(connection)
  }

  async #read(connection: Connection, room: Room, position: number): Promise<void> {
    const entries = await this.#entriesAfter(room, position)
    // A sync, a removal or a close while reading makes this read nobody's.
    if (connection.socket === null || connection.behind?.get(room) !== position || connection.held) {
      return
    }
    if (entries.length === 0) {
      connection.notices = [...(connection.notices ?? []), resync(room.id, 'hole', room.published)]
      connection.behind.set(room, room.published)
      return
    }
    connection.behind.set(room, position + push(connection.socket, room, entries))
  }

  /** A short gap is where the sync has just found the last message: those entries are not read again. */
  async #entriesAfter(room: Room, position: number): Promise<readonly string[]> {
    const { rooms, windows, entries, log, clock } = this.#deps
    const gap = room.published - position
    if (gap <= BLOCK) {
      return entries.read(room.id, position + 1, room.published)
    }
    const until = Math.min(room.published, position + READ_CHUNK)
    if (gap <= WINDOW_ENTRIES_MAX) {
      await rooms.fill(room)
    }
    return (
      windows.slice(room, position + 1, until, clock.monotonic()) ??
      (await log.read(room.id, position + 1, until))
    )
  }
}

/** @returns how many entries were sent before the socket had enough */
function push(socket: Socket, room: Room, entries: readonly string[]): number {
  let from = 0
  while (from < entries.length && socket.getBufferedAmount() < BACKLOG_PAUSE_BYTES) {
    const end = endOfFrame(entries, from)
    socket.send(entryFrame(room.id, entries.slice(from, end)))
    from = end
  }
  return from
}

/** What goes before anything of `behind`. @returns false when some is left, until the socket has drained */
function sendAll(connection: Connection, socket: Socket): boolean {
  return sendWaiting(connection, socket, 'answer') && sendWaiting(connection, socket, 'notices')
}

function sendWaiting(connection: Connection, socket: Socket, kind: 'answer' | 'notices'): boolean {
  const frames = connection[kind] ?? []
  for (let sent = 0; sent < frames.length; sent++) {
    if (socket.getBufferedAmount() >= BACKLOG_PAUSE_BYTES) {
      connection[kind] = frames.slice(sent)
      return false
    }
    socket.send(frames[sent] ?? '')
  }
  connection[kind] = null
  return true
}

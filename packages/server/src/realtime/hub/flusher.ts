import type { Cancel, Clock } from '@tam/util'
import { endOfFrame, entryFrame } from '../frames/encode.ts'
import { FLUSH_WINDOW_MAX_MS, FLUSH_WINDOW_MS, FLUSH_WINDOW_PERSON_MS } from '../limits.ts'
import type { Held } from './held.ts'
import { isLive, warm, withoutOwn } from './native-topic.ts'
import type { Connection, LocalUser, Room } from './state.ts'

/** Connections up to which a native topic saves nothing. */
const SMALL_ROOM_CONNECTIONS_MAX = 4

export interface FlusherDeps {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  /** Sends one frame to every socket that joined the native topic. */
  readonly publish: (topic: string, frame: string) => void
  readonly held: Pick<Held, 'note'>
  /** Runs `turn` once after the work of this tick. */
  readonly defer?: (turn: () => void) => void
}

/**
 * Sends what a tick produced. A room flushes at the end of the tick when its last flush is older than the window,
 * else when the window ends: a lone message is not delayed, a burst shares frames, the more the larger the room. Acknowledgements go first,
 * because a direct send writes out what the socket still has from native topics.
 */
export class Flusher {
  readonly #deps: FlusherDeps
  /** Runs `turn` once after the work of this tick. */
  readonly defer: (turn: () => void) => void
  #repliers: Connection[] = []
  #prompt: Room[] = []
  #late: Room[] = []
  #turnArmed = false
  #cancelLate: Cancel | undefined
  #lateAt = Infinity
  /** Frames sent to rooms. */
  frames = 0

  constructor(deps: FlusherDeps) {
    this.#deps = deps
    this.defer = deps.defer ?? ((turn) => void setImmediate(turn))
  }

  /** The room has entries that are not published. */
  schedule(room: Room): void {
    if (room.dirty) {
      return
    }
    room.dirty = true
    const now = this.#deps.clock.monotonic()
    if (room.flushAfter <= now) {
      this.#prompt.push(room)
      this.#arm()
      return
    }
    this.#late.push(room)
    this.#armLate(room.flushAfter, now)
  }

  /** Sends `frame` to one connection at the end of the tick, in one write with its other replies. */
  reply(connection: Connection, frame: string): void {
    if (connection.replies === null) {
      connection.replies = [frame]
      this.#repliers.push(connection)
      this.#arm()
      return
    }
    connection.replies.push(frame)
  }

  /** Publishes now what the room has. */
  flush(room: Room): void {
    this.#flush(room, (frame) => this.send(room, frame))
  }

  #flush(room: Room, deliver: (frame: string) => void): void {
    room.dirty = false
    const pending = room.next - 1 - room.published
    if (pending <= 0 || room.window === null) {
      return
    }
    const entries = pending === room.window.length ? room.window : room.window.slice(-pending)
    room.flushedAt = this.#deps.clock.monotonic()
    room.flushAfter = room.flushedAt + windowOf(room, pending)
    this.#deps.held.note(room)
    room.published = room.next - 1
    for (let from = 0; from < entries.length;) {
      const end = endOfFrame(entries, from)
      const whole = from === 0 && end === entries.length
      deliver(entryFrame(room.id, whole ? entries : entries.slice(from, end)))
      from = end
    }
  }

  /** Everything that waits leaves now; before a server stops. */
  flushAll(): void {
    this.#turn()
    for (const room of this.#late.splice(0)) {
      this.flush(room)
    }
  }

  /** Sends one frame now to the connections that are live in the room. */
  send(room: Room, frame: string): void {
    this.frames++
    if (room.owner !== null) {
      sendToOwner(room.owner, room, frame)
      return
    }
    room.sentAt = this.#deps.clock.monotonic()
    if (!room.isWarm) {
      warm(room)
    }
    this.#deps.publish(room.id, frame)
  }

  /** `send`, but not to the connections of `author`, a member's id: what one did oneself is told otherwise. */
  sendToOthers(room: Room, author: string, frame: string): void {
    withoutOwn(room, author, () => this.send(room, frame))
  }

  #arm(): void {
    if (!this.#turnArmed) {
      this.#turnArmed = true
      this.defer(this.#turn)
    }
  }

  readonly #turn = (): void => {
    const rooms = this.#prompt
    this.#prompt = []
    const large = rooms.filter((room) => !this.#joinReplies(room))
    const repliers = this.#repliers
    this.#repliers = []
    this.#turnArmed = false
    for (const connection of repliers) {
      sendReplies(connection)
    }
    for (const room of large) {
      this.flush(room)
    }
  }

  /**
   * The entries of a conversation with few connections leave among their replies: whoever wrote has the
   * acknowledgement and the entry in one write, and no native topic is needed. Only within a turn, so that nothing
   * else is sent in between.
   * @returns false when the room is too large for that
   */
  #joinReplies(room: Room): boolean {
    const connections = room.owner === null ? countConnections(room) : 0
    if (connections === 0 || connections > SMALL_ROOM_CONNECTIONS_MAX) {
      return false
    }
    this.#flush(room, (frame) => {
      this.frames++
      for (const { connections } of room.members) {
        for (const connection of connections) {
          if (isLive(connection, room)) {
            this.reply(connection, frame)
          }
        }
      }
    })
    return true
  }

  /** One timer for all rooms that wait, set for the first of them. */
  #armLate(at: number, now: number): void {
    if (at < this.#lateAt) {
      this.#cancelLate?.()
      this.#lateAt = at
      this.#cancelLate = this.#deps.clock.after(Math.ceil(at - now), this.#flushLate)
    }
  }

  readonly #flushLate = (): void => {
    this.#lateAt = Infinity
    const now = this.#deps.clock.monotonic()
    const waiting = this.#late
    this.#late = []
    for (const room of waiting) {
      if (room.flushAfter <= now) {
        this.flush(room)
      } else {
        this.#late.push(room)
        this.#armLate(room.flushAfter, now)
      }
    }
  }
}

/** Alone in its frame, an entry had nobody to wait for, and so has the next one. */
function windowOf({ members }: Room, entries: number): number {
  return entries === 1
    ? FLUSH_WINDOW_MS
    : Math.min(FLUSH_WINDOW_MAX_MS, FLUSH_WINDOW_MS + members.length * FLUSH_WINDOW_PERSON_MS)
}

function countConnections({ members }: Room): number {
  let count = 0
  for (const { connections } of members) {
    count += connections.length
    if (count > SMALL_ROOM_CONNECTIONS_MAX) {
      break
    }
  }
  return count
}

function sendReplies(connection: Connection): void {
  const { socket, replies } = connection
  connection.replies = null
  if (socket === null || replies === null) {
    return
  }
  if (replies.length === 1) {
    socket.send(replies[0] ?? '')
    return
  }
  socket.cork(() => {
    for (const frame of replies) {
      socket.send(frame)
    }
  })
}

function sendToOwner(owner: LocalUser, room: Room, frame: string): void {
  for (const connection of owner.connections) {
    if (isLive(connection, room)) {
      connection.socket?.send(frame)
    }
  }
}

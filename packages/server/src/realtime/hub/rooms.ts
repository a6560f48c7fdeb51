import { SYNC_GAP_MAX } from '@tam/protocol'
import type { Clock } from '@tam/util'
import type { Log } from '../../log/log.ts'
import { isMessage } from '../../messages/entry-head.ts'
import type { Logger } from '../../observability/logger.ts'
import { type Bus, topics } from '../../ports/bus/bus.ts'
import { decodeFeedEvent, type FeedEvent } from '../entry-feed.ts'
import { type Gcra, gcra, take } from '../gcra.ts'
import { READ_CHUNK, ROOM_TYPING_PER_SECOND, WARM_MS, WINDOW_ENTRIES_MAX } from '../limits.ts'
import type { Flusher } from './flusher.ts'
import type { Held } from './held.ts'
import { cool } from './native-topic.ts'
import { Room, type LocalUser } from './state.ts'
import { firstOf, type Windows } from './windows.ts'

export interface RoomsDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly logger: Logger
  readonly bus: Bus
  readonly log: Pick<Log, 'head' | 'read'>
  readonly windows: Windows
  readonly flusher: Flusher
  readonly held: Pick<Held, 'note'>
  /** An entry that is no message was reached; everything up to it waits to be flushed. */
  readonly onControl: (room: Room, entry: string) => void
  /** Entries of the room could not be read, which are known to be there. */
  readonly onBehind: (room: Room) => void
  /** The room went on from a later head, without the entries between. */
  readonly onJump: (room: Room) => void
}

/**
 * The logs followed here. Each room subscribes first and reads the head afterwards; from then on it takes entries
 * only in the order of their seq, whatever the bus does: early ones make it read the gap, late ones are dropped.
 */
export class Rooms {
  readonly #deps: RoomsDeps
  readonly #rooms = new Map<string, Room>()
  readonly #typing: Gcra = gcra(ROOM_TYPING_PER_SECOND, 1_000, ROOM_TYPING_PER_SECOND, 1)

  constructor(deps: RoomsDeps) {
    this.#deps = deps
  }

  get size(): number {
    return this.#rooms.size
  }

  get(id: string): Room | undefined {
    return this.#rooms.get(id)
  }

  values(): Iterable<Room> {
    return this.#rooms.values()
  }

  /** One more holder of the room; wait for `opened` before its positions are used. */
  acquire(id: string, owner: LocalUser | null = null): Room {
    let room = this.#rooms.get(id)
    if (room === undefined) {
      room = new Room(id, owner)
      this.#rooms.set(id, room)
    }
    room.holders++
    return room
  }

  /** One holder less; the last one closes the room. */
  release(room: Room): void {
    room.holders--
    if (room.holders > 0 || room.closed) {
      return
    }
    room.closed = true
    this.#rooms.delete(room.id)
    this.#deps.windows.clear(room)
    this.#deps.bus.unsubscribe(topics.log(room.id), this.#onLog)
    if (room.owner === null) {
      this.#deps.bus.unsubscribe(topics.conversation(room.id), this.#onConversation)
    }
  }

  /** `acquire`, for a member. */
  enter(id: string, user: LocalUser): Room {
    const room = this.acquire(id)
    room.members.push(user)
    return room
  }

  /** `release`, for a member. */
  exit(room: Room, user: LocalUser): void {
    const index = room.members.indexOf(user)
    const last = room.members.pop()
    if (last !== undefined && index < room.members.length) {
      room.members[index] = last
    }
    this.release(room)
  }

  /** Lets the native topics of quiet rooms go. */
  cool(now: number): void {
    for (const room of this.#rooms.values()) {
      if (room.isWarm && now - room.sentAt > WARM_MS) {
        cool(room)
      }
    }
  }

  /** Null when the room's position is known, else a promise of that. A failure may be tried again. */
  opened(room: Room): Promise<void> | null {
    if (room.next > 0) {
      return null
    }
    room.ready ??= this.#open(room).finally(() => {
      room.ready = null
    })
    return room.ready
  }

  /** Somebody tells that the log has entries up to `seq`. */
  hear(id: string, seq: number): void {
    const room = this.#rooms.get(id)
    if (room !== undefined) {
      this.#take(room, { first: seq, last: seq, kind: 'hint', entries: [] })
    }
  }

  /** Learns of the entries up to `seq`, which are known to be committed. */
  async reach(room: Room, seq: number): Promise<void> {
    room.announced = Math.max(room.announced, seq)
    // A fetch that has looked for the last time may still count as under way.
    while (room.next <= seq && !room.closed) {
      room.fetching ??= this.#fetch(room).finally(() => {
        room.fetching = null
      })
      await room.fetching
    }
  }

  /** Extends the window backwards to its full length: one read, whoever waits for it. */
  fill(room: Room): Promise<void> {
    room.filling ??= this.#fill(room).finally(() => {
      room.filling = null
    })
    return room.filling
  }

  async #open(room: Room): Promise<void> {
    const { bus, log } = this.#deps
    await bus.subscribe(topics.log(room.id), this.#onLog)
    if (room.owner === null) {
      await bus.subscribe(topics.conversation(room.id), this.#onConversation)
    }
    const head = await log.head(room.id)
    room.next = head + 1
    room.published = head
    room.followedSince = this.#deps.clock.monotonic()
    if (room.announced > head) {
      this.#catchUp(room, room.announced)
    }
  }

  readonly #onLog = (topic: string, message: string): void => {
    const room = this.#rooms.get(topic.slice(topic.indexOf('/') + 1))
    const event = room && decodeFeedEvent(message)
    if (room === undefined || event === undefined) {
      return
    }
    this.#take(room, event)
  }

  #take(room: Room, { first, last, kind, entries }: FeedEvent): void {
    if (room.next === 0) {
      room.announced = Math.max(room.announced, last)
    } else if (last >= room.next) {
      if (first > room.next || kind === 'hint') {
        this.#catchUp(room, last)
      } else {
        this.#accept(room, entries, room.next - first, kind === 'control')
      }
    }
  }

  /** `entries` from index `from` on continue the room. */
  #accept(room: Room, entries: readonly string[], from: number, mayControl: boolean): void {
    const { windows, flusher } = this.#deps
    for (let i = from; i < entries.length; i++) {
      const entry = entries[i] ?? ''
      windows.append(room, entry)
      if (mayControl && !isMessage(entry)) {
        this.#deps.onControl(room, entry)
        if (room.closed) {
          return
        }
      }
    }
    if (windows.isOverBudget) {
      windows.evict(this.#deps.clock.monotonic())
    }
    flusher.schedule(room)
  }

  #catchUp(room: Room, seq: number): void {
    this.reach(room, seq).catch((error: unknown) => {
      this.#deps.onBehind(room)
      this.#deps.logger.warn({ err: error, log: room.id }, 'a gap could not be read')
    })
  }

  async #fetch(room: Room): Promise<void> {
    if (room.announced - room.next >= SYNC_GAP_MAX) {
      this.#jump(room, room.announced)
    }
    while (!room.closed && room.next <= room.announced) {
      const from = room.next
      const entries = await this.#deps.log.read(
        room.id,
        from,
        Math.min(room.announced, from + READ_CHUNK - 1),
      )
      if (entries.length === 0) {
        throw new Error(`log ${room.id} ends before ${from}, though ${room.announced} was committed`)
      }
      if (from + entries.length > room.next && !room.closed) {
        this.#accept(room, entries, room.next - from, true)
      }
    }
  }

  #jump(room: Room, head: number): void {
    this.#deps.flusher.flush(room)
    this.#deps.windows.clear(room)
    this.#deps.held.note(room)
    room.next = head + 1
    room.published = head
    room.followedSince = this.#deps.clock.monotonic()
    this.#deps.logger.warn({ log: room.id, head }, 'a gap was too large to be read')
    this.#deps.onJump(room)
  }

  async #fill(room: Room): Promise<void> {
    const to = firstOf(room) - 1
    const from = Math.max(1, room.next - WINDOW_ENTRIES_MAX)
    const entries = from > to ? [] : await this.#deps.log.read(room.id, from, to)
    if (entries.length === to - from + 1 && firstOf(room) === to + 1 && !room.closed) {
      this.#deps.windows.prepend(room, entries)
    }
  }

  // Typing, read positions and profiles travel as complete frames; only typing is worth suppressing.
  readonly #onConversation = (topic: string, frame: string): void => {
    const room = this.#rooms.get(topic.slice(topic.indexOf('/') + 1))
    if (room === undefined || (frame.startsWith('{"t":"typing"') && !this.#mayType(room))) {
      return
    }
    const author = authorOf(frame)
    if (author === undefined) {
      this.#deps.flusher.send(room, frame)
    } else {
      this.#deps.flusher.sendToOthers(room, author, frame)
    }
  }

  #mayType(room: Room): boolean {
    const at = take(this.#typing, room.typingAt, this.#deps.clock.monotonic())
    room.typingAt = at < 0 ? room.typingAt : at
    return at >= 0
  }
}

/** Whose doing an ephemeral frame is; undefined when it is for everybody. */
function authorOf(frame: string): string | undefined {
  const { user }: { user?: unknown } = JSON.parse(frame)
  return typeof user === 'string' ? user : undefined
}

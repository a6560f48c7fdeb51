import { type Entry, MemberEntry, UserEntry } from '@tam/protocol'
import type { Access } from '../../access/access.ts'
import type { Logger } from '../../observability/logger.ts'
import type { CatchUp } from './catch-up.ts'
import type { Flusher } from './flusher.ts'
import type { Rooms } from './rooms.ts'
import type { LocalUser, Room } from './state.ts'
import type { Users } from './users.ts'

export interface MembershipsDeps {
  readonly logger: Logger
  readonly access: Pick<Access, 'member' | 'onEntries'>
  readonly rooms: Rooms
  readonly users: Users
  readonly flusher: Flusher
  readonly catchUp: CatchUp
  /** What is believed of the user may be wrong. */
  readonly expel: (user: LocalUser) => void
}

/**
 * Keeps the rooms of local people true while they are connected. A removal takes effect at its entry, in the tick
 * that delivers it. What a user's own log says is a hint to ask again: the truth about access is in kv.
 */
export class Memberships {
  readonly #deps: MembershipsDeps

  constructor(deps: MembershipsDeps) {
    this.#deps = deps
  }

  /** `entry` is the newest of the room and not yet flushed. */
  onControl(room: Room, entry: string): void {
    const { logger, access } = this.#deps
    access.onEntries(room.id, [entry])
    try {
      this.#apply(room, JSON.parse(entry))
    } catch (error) {
      // One entry this version cannot read must not stop the log for everybody.
      logger.error({ err: error, log: room.id, seq: room.next - 1 }, 'an entry could not be read')
    }
  }

  /** The room skipped entries that may have changed who is in it. */
  onJump(room: Room): void {
    const affected =
      room.owner === null ? [...this.#deps.users.values()].filter((user) => user.rooms.includes(room)) : []
    for (const user of affected) {
      this.#refresh(user, room.id, room.published)
    }
  }

  #apply(room: Room, entry: Pick<Entry, 'type'>): void {
    switch (entry.type) {
      case 'member': {
        const { change, user } = MemberEntry.parse(entry)
        if (change === 'left' || change === 'removed') {
          this.#deps.flusher.flush(room)
          this.#removed(room, user)
        }
        break
      }
      case 'joined':
      case 'left':
        this.#followUp(room, UserEntry.parse(entry))
        break
      default:
    }
  }

  #followUp(room: Room, entry: UserEntry): void {
    // The entry itself goes first: without it the client does not know the conversation.
    this.#deps.flusher.flush(room)
    if (room.owner !== null && entry.type !== 'profile') {
      this.#refresh(room.owner, entry.conv, entry.type === 'joined' ? entry.head : undefined)
    }
  }

  #removed(room: Room, userId: string): void {
    const user = this.#deps.users.get(userId)
    if (user !== undefined) {
      user.version++
      user.refs = null
      this.#leave(user, room)
    }
  }

  #refresh(user: LocalUser, conv: string, head: number | undefined): void {
    user.version++
    user.refs = null
    if (user.ready !== null) {
      // Loading lists the conversations once more.
      return
    }
    this.#ask(user, conv, head).catch((error: unknown) => {
      this.#deps.logger.error({ err: error, user: user.id, conv }, 'a membership could not be read')
      this.#deps.expel(user)
    })
  }

  // The room is open before the question is asked: a removal is then either known to the answer, or heard here.
  async #ask(user: LocalUser, conv: string, head: number | undefined): Promise<void> {
    const { rooms, access } = this.#deps
    const room = rooms.acquire(conv)
    try {
      await rooms.opened(room)
      let version: number
      let role
      do {
        version = user.version
        role = await access.member(conv, user.id)
      } while (version !== user.version)
      if (role === undefined) {
        this.#leave(user, room)
      } else if (!user.released) {
        this.#join(user, room, head ?? room.published)
      }
    } finally {
      rooms.release(room)
    }
  }

  #join(user: LocalUser, room: Room, head: number): void {
    if (user.rooms.includes(room)) {
      return
    }
    this.#deps.rooms.acquire(room.id)
    user.rooms = [...user.rooms, room]
    for (const connection of user.connections) {
      this.#deps.catchUp.add(connection, room, head)
    }
  }

  #leave(user: LocalUser, room: Room): void {
    if (!user.rooms.includes(room)) {
      return
    }
    user.rooms = user.rooms.filter((other) => other !== room)
    for (const connection of user.connections) {
      this.#deps.catchUp.remove(connection, room)
    }
    this.#deps.rooms.release(room)
  }
}

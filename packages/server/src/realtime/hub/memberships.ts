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
  readonly onLeft: (user: LocalUser, conv: string) => void
  /** What is believed of the user may be wrong. */
  readonly expel: (user: LocalUser) => void
}

/**
 * Keeps the rooms of local people true while they are connected. A removal takes effect at its entry, in the tick
 * that delivers it. `joined` and `left` in a user's own log begin and end what the client sees of a conversation, in
 * their order; whether somebody who joined may see it is asked again, because the truth about access is in kv.
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
    for (const user of this.#deps.users.values()) {
      if (user.rooms.includes(room)) {
        void this.#begin(user, this.#confirm(user, room))
      }
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
    const { owner } = room
    if (owner === null || (entry.type !== 'joined' && entry.type !== 'left')) {
      return
    }
    // The entry itself goes first: without it the client does not know the conversation.
    this.#deps.flusher.flush(room)
    renew(owner)
    // While the user is loading, their conversations are listed once more instead.
    if (owner.ready === null && entry.type === 'joined') {
      void this.#begin(owner, this.#join(owner, entry.conv, entry.head))
    } else if (owner.ready === null) {
      this.#left(owner, entry.conv)
    }
  }

  #removed(room: Room, userId: string): void {
    const user = this.#deps.users.get(userId)
    if (user !== undefined) {
      renew(user)
      // The newest entry of the room is the removal: it ends a joining before it, not the one after it.
      if ((user.joining?.get(room.id)?.head ?? Infinity) < room.next) {
        user.joining?.delete(room.id)
      }
      this.#leave(user, room)
    }
  }

  #left(user: LocalUser, conv: string): void {
    user.joining?.delete(conv)
    const room = this.#deps.rooms.get(conv)
    if (room !== undefined) {
      this.#leave(user, room)
    }
  }

  /** A sync waits until what it lists is entered. */
  async #begin(user: LocalUser, change: Promise<void>): Promise<void> {
    const all = Promise.all([user.entering, this.#guard(user, change)])
    user.entering = all
    await all
    if (user.entering === all) {
      user.entering = null
    }
  }

  async #guard(user: LocalUser, change: Promise<void>): Promise<void> {
    try {
      await change
    } catch (error) {
      this.#deps.logger.error({ err: error, user: user.id }, 'a membership could not be read')
      this.#deps.expel(user)
    }
  }

  // The room has reached the joining before the question is asked: what came before it is history, and a removal
  // after it is either known to the answer, or heard here.
  async #join(user: LocalUser, conv: string, head: number): Promise<void> {
    const { rooms } = this.#deps
    const attempt = { head }
    user.joining ??= new Map()
    user.joining.set(conv, attempt)
    const room = rooms.acquire(conv)
    try {
      await rooms.opened(room)
      if (head >= room.next) {
        await rooms.reach(room, head)
      }
      const isMember = await this.#isMember(user, conv)
      // Leaving since, or joining once more, makes this attempt nobody's.
      if (user.joining.get(conv) === attempt) {
        user.joining.delete(conv)
        if (isMember && !user.released) {
          this.#enter(user, room, head)
        }
      }
    } finally {
      rooms.release(room)
    }
  }

  async #confirm(user: LocalUser, room: Room): Promise<void> {
    if (!(await this.#isMember(user, room.id))) {
      this.#leave(user, room)
    }
  }

  /** The answer holds at the moment it is given. */
  async #isMember(user: LocalUser, conv: string): Promise<boolean> {
    for (;;) {
      const { version } = user
      const role = await this.#deps.access.member(conv, user.id)
      if (version === user.version) {
        return role !== undefined
      }
    }
  }

  #enter(user: LocalUser, room: Room, head: number): void {
    if (user.rooms.includes(room)) {
      return
    }
    const { catchUp, rooms } = this.#deps
    // All connections are behind before the user is a member: a member who is not behind is live.
    for (const connection of user.connections) {
      catchUp.add(connection, room, head)
    }
    user.rooms = [...user.rooms, rooms.enter(room.id, user)]
    for (const connection of user.connections) {
      catchUp.advance(connection)
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
    this.#deps.rooms.exit(room, user)
    this.#deps.onLeft(user, room.id)
  }
}

/** What was read of the user's memberships before this moment is not believed any more. */
function renew(user: LocalUser): void {
  user.version++
  user.refs = null
}

import { CLOSE, SOCKETS_PER_USER_MAX } from '@tam/protocol'
import { assert, type Clock } from '@tam/util'
import type { Access } from '../../access/access.ts'
import type { ConversationRef, Conversations } from '../../conversations/conversations.ts'
import { type Bus, topics } from '../../ports/bus/bus.ts'
import { LINGER_MS } from '../limits.ts'
import type { Rooms } from './rooms.ts'
import { type Connection, LocalUser, noteMove } from './state.ts'

/** Scans of a user's conversations before it is given up that they hold still. */
const LOADS_MAX = 10

export interface UsersDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly bus: Bus
  readonly access: Pick<Access, 'member'>
  readonly conversations: Pick<Conversations, 'refsOf'>
  readonly rooms: Rooms
  readonly close: (connection: Connection, code: (typeof CLOSE)[keyof typeof CLOSE]) => void
  /** A frame or order for all connections of a user. */
  readonly onOrder: (user: LocalUser, message: string) => void
  /** The user's last connection went, some time ago. */
  readonly onGone: (user: LocalUser) => void
}

/** The people connected here. Memberships are held once per person, whatever the number of connections. */
export class Users {
  readonly #deps: UsersDeps
  readonly #users = new Map<string, LocalUser>()
  readonly #idle = new Set<LocalUser>()

  constructor(deps: UsersDeps) {
    this.#deps = deps
  }

  get size(): number {
    return this.#users.size
  }

  get(id: string): LocalUser | undefined {
    return this.#users.get(id)
  }

  values(): Iterable<LocalUser> {
    return this.#users.values()
  }

  /**
   * Adds an authenticated connection, so that orders for its user reach it from now on. Wait for `listening` and
   * `ready` before anything else.
   */
  attach(connection: Connection, id: string): LocalUser {
    const user = this.#users.get(id) ?? this.#create(id)
    this.#idle.delete(user)
    const [oldest] = user.connections
    if (oldest !== undefined && user.connections.length >= SOCKETS_PER_USER_MAX) {
      this.#deps.close(oldest, CLOSE.replaced)
    }
    // Arrays are replaced, not changed: sending may close a connection while they are walked.
    user.connections = [...user.connections, connection]
    connection.user = user
    return user
  }

  /** Forgets a connection that closed. */
  detach(connection: Connection): void {
    const { user } = connection
    if (user === null) {
      return
    }
    connection.user = null
    user.connections = user.connections.filter((other) => other !== connection)
    if (user.connections.length === 0) {
      // What was read for a sync that never came is too old for whoever comes back.
      noteMove(user)
      user.idleSince = this.#deps.clock.monotonic()
      this.#idle.add(user)
    }
  }

  /** Lets go of the people whose last connection went LINGER_MS ago. */
  sweep(): void {
    const due = this.#deps.clock.monotonic() - LINGER_MS
    for (const user of this.#idle) {
      if (user.idleSince <= due) {
        this.release(user)
      }
    }
  }

  /** Lets go of a person without connections; their rooms close when nobody else is in them. */
  release(user: LocalUser): void {
    if (user.released || user.connections.length > 0 || user.ready !== null) {
      return
    }
    user.released = true
    this.#idle.delete(user)
    this.#users.delete(user.id)
    this.#deps.bus.unsubscribe(topics.user(user.id), this.#onUser)
    this.#deps.onGone(user)
    this.#releaseRooms(user)
  }

  #create(id: string): LocalUser {
    const user = new LocalUser(id)
    this.#users.set(id, user)
    user.listening = this.#deps.bus.subscribe(topics.user(id), this.#onUser).finally(() => {
      user.listening = null
    })
    user.ready = this.#load(user).finally(() => {
      user.ready = null
    })
    // Whoever attaches waits for it and hears of a failure; nobody may be left to do so.
    user.ready.catch(() => {})
    return user
  }

  // The own log is opened before the conversations are listed: whatever the list misses is told there.
  async #load(user: LocalUser): Promise<void> {
    const { rooms, conversations } = this.#deps
    try {
      await user.listening
      user.log = rooms.acquire(user.id, user)
      await rooms.opened(user.log)
      for (let load = 0; ; load++) {
        assert(load < LOADS_MAX, 'the memberships of a user do not hold still')
        const { version, moves } = user
        const refs = await conversations.refsOf(user.id)
        await this.#enter(user, load === 0 ? refs : await this.#confirmed(user, refs))
        if (version === user.version) {
          user.refs = moves === user.moves ? refs : null
          return
        }
      }
    } catch (error) {
      this.#abandon(user)
      throw error
    }
  }

  /** Makes `refs` the user's rooms. */
  async #enter(user: LocalUser, refs: readonly ConversationRef[]): Promise<void> {
    const { rooms } = this.#deps
    const before = user.rooms
    user.rooms = refs.map(({ conv }) => rooms.enter(conv, user))
    for (const room of before) {
      rooms.exit(room, user)
    }
    const opening = user.rooms.map((room) => rooms.opened(room)).filter((opened) => opened !== null)
    if (opening.length > 0) {
      await Promise.all(opening)
    }
  }

  /** The rows of the user's side lag behind the truth while an operation is under way. */
  async #confirmed(user: LocalUser, refs: readonly ConversationRef[]): Promise<ConversationRef[]> {
    const roles = await Promise.all(refs.map(({ conv }) => this.#deps.access.member(conv, user.id)))
    return refs.filter((_, i) => roles[i] !== undefined)
  }

  #abandon(user: LocalUser): void {
    user.released = true
    this.#idle.delete(user)
    this.#users.delete(user.id)
    this.#deps.bus.unsubscribe(topics.user(user.id), this.#onUser)
    this.#releaseRooms(user)
  }

  #releaseRooms(user: LocalUser): void {
    const { rooms } = user
    user.rooms = []
    for (const room of rooms) {
      this.#deps.rooms.exit(room, user)
    }
    if (user.log !== null) {
      this.#deps.rooms.release(user.log)
    }
  }

  readonly #onUser = (topic: string, message: string): void => {
    const user = this.#users.get(topic.slice(topic.indexOf('/') + 1))
    if (user !== undefined) {
      this.#deps.onOrder(user, message)
    }
  }
}

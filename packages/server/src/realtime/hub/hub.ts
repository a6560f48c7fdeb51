import { CLOSE } from '@tam/protocol'
import type { GatewayDeps } from '../deps.ts'
import { resync } from '../frames/encode.ts'
import { Canary } from './canary.ts'
import { CatchUp } from './catch-up.ts'
import { Flusher } from './flusher.ts'
import { GoLive } from './go-live.ts'
import { HeadCheck } from './head-check.ts'
import { Held } from './held.ts'
import { Memberships } from './memberships.ts'
import { Rooms } from './rooms.ts'
import { type Connection, type LocalUser, type Room, noteMove } from './state.ts'
import { ToldHeads } from './told-heads.ts'
import { Users } from './users.ts'
import { Windows } from './windows.ts'

export interface HubDeps extends Pick<
  GatewayDeps,
  'clock' | 'random' | 'logger' | 'bus' | 'log' | 'entries' | 'access' | 'conversations' | 'servers' | 'defer'
> {
  readonly node: string
  /** Sends one frame to every socket that joined the native topic. */
  readonly publish: (topic: string, frame: string) => void
  readonly close: (connection: Connection, code: (typeof CLOSE)[keyof typeof CLOSE]) => void
  /** The connection has to start over, by no fault of its client. */
  readonly onFailure: (connection: Connection, error: unknown) => void
  readonly onGone: (user: LocalUser) => void
  readonly onLeft: (user: LocalUser, conv: string) => void
}

/** The connections of this server and the logs they follow. */
export class Hub {
  readonly windows = new Windows()
  readonly flusher: Flusher
  readonly rooms: Rooms
  readonly users: Users
  readonly catchUp: CatchUp
  readonly goLive: GoLive
  readonly canary: Canary
  readonly headCheck: HeadCheck
  readonly #toldHeads: ToldHeads | undefined
  readonly #memberships: Memberships
  readonly #deps: HubDeps
  #endDiscontinuities: (() => void) | undefined

  constructor(deps: HubDeps) {
    this.#deps = deps
    const held = new Held()
    this.flusher = new Flusher({ ...deps, held })
    this.rooms = new Rooms({
      ...deps,
      windows: this.windows,
      flusher: this.flusher,
      held,
      onControl: (room, entry) => this.#memberships.onControl(room, entry),
      onBehind: ({ id }) => this.headCheck.doubtLater(id),
      onJump: (room) => this.#onJump(room),
    })
    this.users = new Users({
      ...deps,
      rooms: this.rooms,
      onOrder: (user, message) => this.#onOrder(user, message),
    })
    const parts = { rooms: this.rooms, users: this.users, windows: this.windows, flusher: this.flusher }
    this.catchUp = new CatchUp({ ...deps, ...parts })
    this.#memberships = new Memberships({
      ...deps,
      ...parts,
      catchUp: this.catchUp,
      expel: (user) => this.#expel(user),
    })
    this.goLive = new GoLive({ clock: deps.clock, catchUp: this.catchUp, held })
    this.canary = new Canary(deps)
    const toldHeads = deps.servers && this.#listenToHeads(deps.servers)
    this.#toldHeads = toldHeads
    this.headCheck = new HeadCheck({
      ...deps,
      rooms: this.rooms,
      isBusHealthy: () => this.isBusHealthy,
      ...(toldHeads && { hearsAll: () => toldHeads.hearsAll() }),
    })
  }

  /** Messages of this server to itself come back, and the bus does not say otherwise. */
  get isBusHealthy(): boolean {
    return this.#deps.bus.isConnected && this.canary.isHealthy
  }

  async start(): Promise<void> {
    this.#endDiscontinuities = this.#deps.bus.onDiscontinuity(() => this.#onDiscontinuity())
    await Promise.all([this.canary.start(), this.#toldHeads?.start()])
    this.headCheck.start()
  }

  stop(): void {
    this.#endDiscontinuities?.()
    this.canary.stop()
    this.#toldHeads?.stop()
    this.headCheck.stop()
    this.goLive.stop()
    this.flusher.flushAll()
  }

  /** Once a second. */
  sweep(): void {
    const now = this.#deps.clock.monotonic()
    this.users.sweep()
    this.windows.evict(now)
    this.rooms.cool(now)
  }

  #listenToHeads(servers: NonNullable<HubDeps['servers']>): ToldHeads {
    return new ToldHeads({
      ...this.#deps,
      servers,
      onHead: (log, seq) => this.rooms.hear(log, seq),
      onDoubt: (log) => this.headCheck.doubt(log),
      onGap: () => this.headCheck.soon(),
    })
  }

  #onDiscontinuity(): void {
    for (const user of this.users.values()) {
      noteMove(user)
    }
    this.headCheck.soon()
  }

  #onOrder(user: LocalUser, message: string): void {
    if (message.startsWith('{"t":"revoke"')) {
      this.#revoke(user, message)
      return
    }
    if (message.startsWith('{"t":"read"')) {
      noteMove(user)
    }
    for (const connection of user.connections) {
      if (connection.phase === 'ready') {
        connection.socket?.send(message)
      }
    }
  }

  /** `{"t":"revoke","sid":…}`; null ends every login of the user. */
  #revoke(user: LocalUser, message: string): void {
    const { sid }: { sid?: unknown } = JSON.parse(message)
    for (const connection of user.connections) {
      if (sid === null || connection.sid === sid) {
        this.#deps.close(connection, CLOSE.unauthenticated)
      }
    }
    // They said they are leaving: nobody has to wait for them to come back.
    this.users.release(user)
  }

  #onJump(room: Room): void {
    this.flusher.send(room, resync(room.id, 'gap_too_large', room.published))
    if (room.owner === null) {
      this.#memberships.onJump(room)
    } else {
      // What was skipped may have changed any of the memberships.
      this.#expel(room.owner)
    }
  }

  /** What is believed of the user may be wrong: start over. */
  #expel(user: LocalUser): void {
    for (const connection of user.connections) {
      this.#deps.onFailure(connection, new Error('memberships unknown'))
    }
    this.users.release(user)
  }
}

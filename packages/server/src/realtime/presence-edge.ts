import type { FocusFrame, OnlineCount, Presence as PresenceStatus } from '@tam/protocol'
import { topics } from '../ports/bus/bus.ts'
import { Counts } from '../presence/counts.ts'
import { Presence } from '../presence/presence.ts'
import type { Screen } from '../presence/watch.ts'
import type { Acquaintances } from './acquaintances.ts'
import type { Connections } from './connections.ts'
import type { GatewayDeps } from './deps.ts'
import type { Hub } from './hub/hub.ts'
import type { Connection, LocalUser } from './hub/state.ts'
import { EPHEMERAL_PAUSE_BYTES, IDLE_LOOK_SECONDS, IDLE_SECONDS } from './limits.ts'

export interface PresenceEdgeDeps extends Pick<
  GatewayDeps,
  'clock' | 'logger' | 'cache' | 'bus' | 'profiles' | 'config'
> {
  readonly connections: Pick<Connections, 'forEach'>
  readonly hub: Pick<Hub, 'users' | 'rooms'>
  readonly acquaintances: Pick<Acquaintances, 'of'>
}

/** What connections mean for presence, and what presence has for them. */
export class PresenceEdge {
  readonly #deps: PresenceEdgeDeps
  readonly #presence: Presence<Connection>
  readonly #counts: Counts
  #sweeps = 0

  constructor(deps: PresenceEdgeDeps) {
    this.#deps = deps
    const { node } = deps.config
    this.#presence = new Presence<Connection>({
      ...deps,
      node,
      visibleTo: async ({ user }, people) =>
        user === null ? new Set() : deps.acquaintances.of(user, people),
      deliver,
      tell: ({ socket }, frame) => void socket?.send(frame),
    })
    this.#counts = new Counts({
      ...deps,
      node,
      wanted: () => this.#presence.countedConvs,
      onlineHere: (conv) => this.#onlineHere(conv),
      onCounts: (counts) => this.#presence.counted(counts),
    })
  }

  async start(): Promise<void> {
    this.#counts.start()
    await Promise.all([
      this.#presence.start(),
      this.#deps.bus.subscribe(topics.presenceSettings, this.#onSettings),
    ])
  }

  stop(): void {
    this.#deps.bus.unsubscribe(topics.presenceSettings, this.#onSettings)
    this.#counts.stop()
    this.#presence.stop()
  }

  watch(connection: Connection, user: LocalUser, screen: Screen): void {
    const isIn = (conv: string) => user.rooms.some(({ id }) => id === conv)
    const convs = screen.convs.filter(isIn)
    this.#presence.watch(connection, { id: user.id, isIn }, { ...screen, convs })
    if (convs.length > 0) {
      this.#counts.soon()
    }
  }

  focus(connection: Connection, user: LocalUser, { conv, active }: FocusFrame): void {
    const room = conv === null ? undefined : user.rooms.find(({ id }) => id === conv)
    connection.active = active
    connection.focus = room?.id ?? null
    this.update(user)
  }

  /** The person is in that conversation no more. */
  left(user: LocalUser, conv: string): void {
    for (const connection of user.connections) {
      this.#presence.left(connection)
      if (connection.focus === conv) {
        connection.focus = null
        this.update(user)
      }
    }
  }

  /** The person is back at the device. */
  returned(connection: Connection, user: LocalUser): void {
    connection.idle = false
    this.update(user)
  }

  closed(connection: Connection, user: LocalUser | null): void {
    this.#presence.forget(connection)
    if (user !== null) {
      this.update(user)
    }
  }

  /** Says where the person is. Who has no connection left is still here for a while: see `gone`. */
  update(user: LocalUser): void {
    const devices = user.connections.filter(({ phase }) => phase === 'ready').map(deviceOf)
    if (devices.length === 0) {
      return
    }
    const status = devices.some(({ active }) => active) ? 'online' : 'away'
    if (user.since === 0 || user.status !== status) {
      user.status = status
      user.since = this.#deps.clock.now()
    }
    this.#presence.here(user.id, { since: user.since, devices })
  }

  /** The last connection went a while ago, or signed out. */
  gone(user: LocalUser): void {
    const { clock } = this.#deps
    this.#presence.gone(user.id, Math.round(clock.now() - (clock.monotonic() - user.idleSince)))
  }

  /** Once a second. */
  sweep(): void {
    if (++this.#sweeps % IDLE_LOOK_SECONDS === 0) {
      const idle = this.#deps.clock.monotonic() / 1_000 - IDLE_SECONDS
      this.#deps.connections.forEach((connection) => this.#lookIfIdle(connection, idle))
    }
  }

  #lookIfIdle(connection: Connection, idle: number): void {
    const { user, phase } = connection
    if (user !== null && phase === 'ready' && !connection.idle && connection.actedAt < idle) {
      connection.idle = true
      this.update(user)
    }
  }

  #onlineHere(conv: string): number | undefined {
    const room = this.#deps.hub.rooms.get(conv)
    return room?.members.reduce((sum, user) => sum + (isOnline(user) ? 1 : 0), 0)
  }

  readonly #onSettings = (_topic: string, id: string): void => {
    const user = this.#deps.hub.users.get(id)
    if (user !== undefined) {
      void this.#readSettings(user)
    }
  }

  async #readSettings(user: LocalUser): Promise<void> {
    try {
      const { presence } = await this.#deps.profiles.me(user.id)
      user.invisible = presence.visibility === 'nobody'
    } catch (error) {
      // Rather nothing told than too much; the next connection reads them again.
      user.invisible = true
      this.#deps.logger.warn({ err: error }, 'settings of presence could not be read')
    }
  }
}

function deviceOf({ active, idle, focus }: Connection) {
  return { active: active && !idle, conv: focus }
}

function isOnline({ connections, invisible }: LocalUser): boolean {
  return !invisible && connections.some(({ phase, active, idle }) => phase === 'ready' && active && !idle)
}

// Presence waits before anything else has to; then it is told what is true by then.
function deliver(
  { socket }: Connection,
  users: readonly PresenceStatus[],
  counts: readonly OnlineCount[],
): boolean {
  if (socket === null || socket.getBufferedAmount() >= EPHEMERAL_PAUSE_BYTES) {
    return false
  }
  socket.send(
    JSON.stringify(counts.length === 0 ? { t: 'presence', users } : { t: 'presence', users, counts }),
  )
  return true
}

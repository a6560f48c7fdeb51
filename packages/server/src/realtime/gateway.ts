import { CLOSE } from '@tam/protocol'
import type { Logger } from '../observability/logger.ts'
import { Acquaintances } from './acquaintances.ts'
import { createHistory } from './commands/history.ts'
import { InFlight } from './commands/in-flight.ts'
import { createRead } from './commands/read.ts'
import { ReadPace } from './commands/read-pace.ts'
import { createSend } from './commands/send.ts'
import { SendLimit } from './commands/send-limit.ts'
import { createSync } from './commands/sync.ts'
import { createTyping } from './commands/typing.ts'
import { createWatch } from './commands/watch.ts'
import { Connections } from './connections.ts'
import type { GatewayDeps } from './deps.ts'
import { drain } from './drain.ts'
import { Handshake } from './handshake.ts'
import { Hub } from './hub/hub.ts'
import type { Connection, LocalUser } from './hub/state.ts'
import { Inbound } from './inbound.ts'
import { InboundLimits } from './inbound-limits.ts'
import { Missed } from './missed.ts'
import { PresenceEdge } from './presence-edge.ts'
import { QueryLimit } from './query-limit.ts'
import { Sweep } from './sweep.ts'
import { Tidy } from './tidy.ts'

/** Nothing the client did: it may come back at once. */
const FAILED = { code: 1011, reason: 'unavailable', reconnect: 'yes' } as const

/** Everything behind the sockets, wired. The listener feeds it. */
export class GatewayCore {
  readonly connections: Connections
  readonly hub: Hub
  readonly inFlight: InFlight
  readonly inbound: Inbound
  readonly limits: InboundLimits
  readonly sweep: Sweep
  readonly presence: PresenceEdge
  readonly #sendLimit: SendLimit
  readonly #readPace: ReadPace
  readonly #tidy: Tidy
  readonly #missed: Missed
  readonly #deps: GatewayDeps
  readonly #logger: Logger
  #silent = false

  constructor(deps: GatewayDeps, publish: (topic: string, frame: string) => void) {
    this.#deps = deps
    this.#logger = deps.logger
    const { clock, config } = deps
    const { rateLimitScale } = config
    const onFailure = (connection: Connection, error: unknown) => this.#fail(connection, error)
    this.connections = new Connections((connection) => this.#onClosed(connection))
    this.limits = new InboundLimits(clock, rateLimitScale)
    this.#sendLimit = new SendLimit({ ...deps, rateLimitScale })
    this.#readPace = new ReadPace(clock)
    this.hub = new Hub({
      ...deps,
      node: config.node,
      publish,
      close: (connection, code) => this.connections.close(connection, code),
      onFailure,
      onGone: (user) => this.presence.gone(user),
      onLeft: (user, conv) => this.presence.left(user, conv),
    })
    const { hub, connections } = this
    const acquaintances = new Acquaintances({ ...deps, users: hub.users, rateLimitScale })
    this.presence = new PresenceEdge({ ...deps, connections, hub, acquaintances })
    this.#missed = new Missed({ ...deps, connections, isBusHealthy: () => hub.isBusHealthy })
    this.#tidy = new Tidy({
      clock,
      collectGarbage: deps.collectGarbage ?? (() => {}),
      defer: hub.flusher.defer,
    })
    const { flusher, rooms, users, catchUp, goLive } = hub
    const queryLimit = new QueryLimit({ clock, defer: flusher.defer, rateLimitScale })
    this.inFlight = new InFlight({
      ...deps,
      flusher,
      onSettled: (connection) => this.inbound.resume(connection),
    })
    const parts = { ...deps, flusher, rooms, users, catchUp, goLive, rateLimitScale, inFlight: this.inFlight }
    this.inbound = new Inbound({
      ...parts,
      connections,
      limits: this.limits,
      handshake: new Handshake({ ...deps, connections, hub, onReady: (user) => this.#onReady(user) }),
      onFailure,
      onFocus: (connection, user, frame) => this.presence.focus(connection, user, frame),
      onReturn: (connection, user) => this.presence.returned(connection, user),
      commands: {
        send: createSend({ ...parts, limit: this.#sendLimit }),
        sync: createSync({
          ...parts,
          queryLimit,
          epoch: config.epoch,
          isBusHealthy: () => hub.isBusHealthy,
          onSynced: () => this.#tidy.onHandshake(connections.ready),
        }),
        history: createHistory({ ...deps, queryLimit }),
        read: createRead({ ...parts, pace: this.#readPace }),
        typing: createTyping(parts),
        watch: createWatch({ ...parts, queryLimit, acquaintances, presence: this.presence }),
      },
    })
    this.sweep = new Sweep({ ...parts, connections, onFailure, also: () => this.#onSweep() })
  }

  async start(): Promise<void> {
    await this.hub.start()
    this.sweep.start()
    this.#missed.start()
    await this.presence.start()
  }

  receive(connection: Connection, text: string): void {
    this.sweep.thaw()
    if (!this.#silent) {
      this.inbound.receive(connection, text)
    }
  }

  drain(): Promise<void> {
    const silence = () => {
      this.#silent = true
    }
    return drain({
      ...this.#deps,
      connections: this.connections,
      inFlight: this.inFlight,
      flusher: this.hub.flusher,
      silence,
    })
  }

  stop(): void {
    this.#silent = true
    this.connections.closeAll(CLOSE.draining)
    this.sweep.stop()
    this.presence.stop()
    this.#missed.stop()
    this.#sendLimit.stop()
    this.#readPace.stop()
    this.hub.stop()
  }

  #fail(connection: Connection, error: unknown): void {
    if (connection.phase !== 'closed') {
      this.#logger.error({ err: error, user: connection.user?.id }, 'a connection has to start over')
      this.connections.close(connection, FAILED)
    }
  }

  #onReady(user: LocalUser): void {
    this.presence.update(user)
    this.#tidy.onHandshake(this.connections.ready)
  }

  #onSweep(): void {
    this.hub.sweep()
    this.presence.sweep()
    this.#missed.sweep()
    this.#tidy.sweep(this.connections.ready)
  }

  #onClosed(connection: Connection): void {
    const { user } = connection
    this.hub.goLive.forget(connection)
    this.hub.users.detach(connection)
    this.presence.closed(connection, user)
  }
}

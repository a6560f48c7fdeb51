import { CLOSE, FRAME_MAX_BYTES, SUBPROTOCOL } from '@tam/protocol'
import type { Server, ServerWebSocket, WebSocketHandler } from 'bun'
import { AppError } from '../errors.ts'
import { problemResponse } from '../http/problem.ts'
import type { GatewayDeps } from './deps.ts'
import { GatewayCore } from './gateway.ts'
import { Connection } from './hub/state.ts'
import { BACKPRESSURE_MAX_BYTES, UNAUTHENTICATED_PER_ADDRESS_MAX } from './limits.ts'
import { refuseUpgrade } from './upgrade.ts'

/** Seconds without any byte before Bun gives a socket up; our own deadlines are shorter. */
const SOCKET_IDLE_SECONDS = 120
const DRAIN_RETRY_MS = 5_000

export type GatewayServer = Server<Connection>

/** The WebSocket edge, for use inside a `Bun.serve` that may serve HTTP as well. */
export interface Gateway {
  /** Opens its bus subscriptions and timers; resolves when connections may come. */
  start(): Promise<void>
  /** Answers `GET /ws`: undefined when the request became a WebSocket, else a problem to send. */
  upgrade(request: Request, server: GatewayServer): Response | undefined
  /** The `websocket` of `Bun.serve`. */
  readonly websocket: WebSocketHandler<Connection>
  /** Refuses newcomers, sends everybody elsewhere, finishes what is being stored; 8 s at most. */
  drain(): Promise<void>
  /** Closes what is still open and stops every timer. */
  stop(): void
  /** True while messages to itself come back through the bus. */
  isBusHealthy(): boolean
  /** Milliseconds since the heads of all rooms were last compared with the log. */
  headCheckAgeMs(): number
  /** Since when every change of a conversation is heard here, monotonic milliseconds; undefined while none is. */
  heardSince(conv: string): number | undefined
  stats(): GatewayStats
}

export interface GatewayStats {
  readonly connections: number
  /** Those past `hello`. */
  readonly ready: number
  readonly users: number
  /** Logs followed: conversations and users' own. */
  readonly rooms: number
  /** Commands that wait for the store. */
  readonly inFlight: number
  /** UTF-16 units of entries kept for short gaps. */
  readonly windowUnits: number
  /** Frames sent to rooms since the start. */
  readonly roomFrames: number
  /** Heads of logs that were read since the start because something may have gone untold. */
  readonly headReads: number
}

/** Makes the WebSocket edge of one server. */
export function createGateway(deps: GatewayDeps): Gateway {
  let server: GatewayServer | undefined
  let draining = false
  // Bun's `publish` returns the state of its worst subscriber: never a reason to send again.
  const core = new GatewayCore(
    { collectGarbage: () => Bun.gc(true), ...deps },
    (topic, frame) => void server?.publish(topic, frame, false),
  )
  return {
    start: () => core.start(),
    upgrade(request, own) {
      server = own
      const address = deps.addressOf(request, own.requestIP(request)?.address)
      const refusal = draining ? drainingProblem() : refuse(core, deps, request, address)
      if (refusal !== undefined) {
        return problemResponse(refusal)
      }
      const data = new Connection(address, Math.floor(deps.clock.monotonic() / 1_000))
      const upgraded = own.upgrade(request, { data, headers: { 'sec-websocket-protocol': SUBPROTOCOL } })
      return upgraded
        ? undefined
        : problemResponse(new AppError('invalid_request', { detail: 'This address speaks WebSocket only' }))
    },
    websocket: handlerOf(core),
    drain() {
      draining = true
      return core.drain()
    },
    stop() {
      draining = true
      core.stop()
    },
    isBusHealthy: () => core.hub.isBusHealthy,
    headCheckAgeMs: () => deps.clock.monotonic() - core.hub.headCheck.succeededAt,
    heardSince: (conv) => core.hub.rooms.get(conv)?.followedSince,
    stats: () => statsOf(core),
  }
}

function refuse(
  core: GatewayCore,
  deps: GatewayDeps,
  request: Request,
  address: string,
): AppError | undefined {
  const refusal = refuseUpgrade(request, deps.config.origins)
  const max = UNAUTHENTICATED_PER_ADDRESS_MAX * deps.config.rateLimitScale
  return (
    refusal ?? (core.connections.unauthenticatedOf(address) >= max ? new AppError('rate_limited') : undefined)
  )
}

function drainingProblem(): AppError {
  return new AppError('unavailable', { detail: 'This server is stopping', retryAfterMs: DRAIN_RETRY_MS })
}

function handlerOf(core: GatewayCore): WebSocketHandler<Connection> {
  const onControl = ({ data }: ServerWebSocket<Connection>): void => {
    if (!core.limits.admitsControl(data)) {
      core.connections.close(data, CLOSE.rateLimited)
    }
  }
  return {
    maxPayloadLength: FRAME_MAX_BYTES,
    backpressureLimit: BACKPRESSURE_MAX_BYTES,
    closeOnBackpressureLimit: true,
    idleTimeout: SOCKET_IDLE_SECONDS,
    sendPings: true,
    perMessageDeflate: false,
    open(ws) {
      ws.data.socket = ws
      core.connections.add(ws.data)
    },
    message({ data }, message) {
      if (typeof message === 'string') {
        core.receive(data, message)
      } else {
        core.connections.close(data, CLOSE.badFrame)
      }
    },
    drain({ data }) {
      core.hub.catchUp.advance(data)
    },
    close({ data }) {
      core.connections.remove(data)
    },
    ping: onControl,
    pong: onControl,
  }
}

function statsOf({ connections, hub, inFlight }: GatewayCore): GatewayStats {
  return {
    connections: connections.size,
    ready: connections.ready,
    users: hub.users.size,
    rooms: hub.rooms.size,
    inFlight: inFlight.count,
    windowUnits: hub.windows.units,
    roomFrames: hub.flusher.frames,
    headReads: hub.headCheck.reads,
  }
}

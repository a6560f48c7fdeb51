import { AUTH_FRAME_MAX_BYTES, CLOSE, type FocusFrame, type UpFrame } from '@tam/protocol'
import { type Clock, unreachable } from '@tam/util'
import { AppError } from '../errors.ts'
import type { Logger } from '../observability/logger.ts'
import type { History } from './commands/history.ts'
import { refusalFrame } from './commands/in-flight.ts'
import type { Read } from './commands/read.ts'
import type { Send } from './commands/send.ts'
import type { Sync } from './commands/sync.ts'
import type { Typing } from './commands/typing.ts'
import type { Watch } from './commands/watch.ts'
import type { Connections } from './connections.ts'
import { decodeFrame, Refusal } from './frames/decode.ts'
import { err, PONG } from './frames/encode.ts'
import type { Handshake } from './handshake.ts'
import type { GoLive } from './hub/go-live.ts'
import type { Connection, LocalUser } from './hub/state.ts'
import type { InboundLimits } from './inbound-limits.ts'
import { BROKEN_FRAMES_MAX, IN_FLIGHT_MAX, QUEUED_FRAMES_MAX, QUEUED_UNITS_MAX } from './limits.ts'

export interface InboundDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly logger: Logger
  readonly connections: Connections
  readonly limits: InboundLimits
  readonly goLive: GoLive
  readonly handshake: Handshake
  readonly isStoreAlive: () => boolean
  /** The connection has to start over, by no fault of its client. */
  readonly onFailure: (connection: Connection, error: unknown) => void
  /** What is open on this device, and whether the person is at it. */
  readonly onFocus: (connection: Connection, user: LocalUser, frame: FocusFrame) => void
  /** The person is back at a device that was idle. */
  readonly onReturn: (connection: Connection, user: LocalUser) => void
  readonly commands: {
    readonly send: Send
    readonly sync: Sync
    readonly history: History
    readonly read: Read
    readonly typing: Typing
    readonly watch: Watch
  }
}

/**
 * What clients send. Frames of one connection are taken strictly in order: while a command is unfinished the next
 * ones wait. Sends do not make others wait, because the log keeps their order.
 */
export class Inbound {
  readonly #deps: InboundDeps

  constructor(deps: InboundDeps) {
    this.#deps = deps
  }

  receive(connection: Connection, text: string): void {
    if (connection.phase === 'closed') {
      return
    }
    if (!this.#deps.limits.admits(connection, text)) {
      this.#deps.connections.close(connection, CLOSE.rateLimited)
    } else if (connection.phase !== 'ready') {
      this.#first(connection, text)
    } else if (isWaiting(connection)) {
      this.#enqueue(connection, text)
    } else {
      this.#take(connection, text)
    }
  }

  /** Takes the frames that waited, as far as nothing stops them. */
  resume(connection: Connection): void {
    while (connection.queue !== null && !isWaiting(connection)) {
      const text = connection.queue.shift() ?? ''
      connection.queuedUnits -= text.length
      if (connection.queue.length === 0) {
        connection.queue = null
      }
      this.#take(connection, text)
    }
  }

  #first(connection: Connection, text: string): void {
    const { connections, handshake, onFailure } = this.#deps
    if (connection.phase === 'authenticating') {
      connections.close(connection, CLOSE.unauthenticated)
      return
    }
    const frame = Buffer.byteLength(text) > AUTH_FRAME_MAX_BYTES ? undefined : decodeFrame(text)
    if (frame === undefined || frame instanceof Refusal) {
      connections.close(connection, CLOSE.badFrame)
    } else if (frame.t !== 'auth') {
      connections.close(connection, CLOSE.unauthenticated)
    } else {
      handshake.begin(connection, frame).catch((error: unknown) => onFailure(connection, error))
    }
  }

  #enqueue(connection: Connection, text: string): void {
    connection.queue ??= []
    connection.queuedUnits += text.length
    if (connection.queue.push(text) > QUEUED_FRAMES_MAX || connection.queuedUnits > QUEUED_UNITS_MAX) {
      this.#deps.connections.close(connection, CLOSE.rateLimited)
    }
  }

  #take(connection: Connection, text: string): void {
    const { user } = connection
    const frame = decodeFrame(text)
    if (frame instanceof Refusal || user === null) {
      this.#refuse(connection, frame)
      return
    }
    connection.validAt = this.#now()
    if (frame.t !== 'ping') {
      this.#noteAct(connection, user)
    }
    if (connection.held && frame.t !== 'sync') {
      this.#deps.goLive.release(connection)
    }
    const unfinished = this.#dispatch(connection, user, frame)
    if (unfinished !== undefined) {
      connection.busySince = this.#now()
      unfinished.then(
        () => this.#finish(connection),
        (error: unknown) => this.#fail(connection, frame, error),
      )
    }
  }

  #noteAct(connection: Connection, user: LocalUser): void {
    connection.actedAt = connection.validAt
    if (connection.idle) {
      this.#deps.onReturn(connection, user)
    }
  }

  /** @returns a promise when the frames that follow have to wait for it */
  #dispatch(connection: Connection, user: LocalUser, frame: UpFrame): Promise<void> | undefined {
    const { commands } = this.#deps
    switch (frame.t) {
      case 'send':
        commands.send(connection, user, frame)
        return undefined
      case 'ping':
        if (this.#deps.isStoreAlive()) {
          connection.socket?.send(PONG)
        }
        return undefined
      case 'typing':
        commands.typing(connection, user, frame)
        return undefined
      case 'read':
        commands.read(connection, user, frame)
        return undefined
      case 'focus':
        this.#deps.onFocus(connection, user, frame)
        return undefined
      case 'watch':
        commands.watch(connection, user, frame)
        return undefined
      case 'history':
        return commands.history(connection, user, frame)
      case 'sync':
        return commands.sync(connection, user, frame)
      case 'auth':
        return this.#deps.handshake.renew(connection, user, frame)
      default:
        return unreachable(frame)
    }
  }

  #refuse(connection: Connection, refusal: UpFrame | Refusal): void {
    if (!(refusal instanceof Refusal)) {
      return
    }
    if (refusal.broken && ++connection.brokenFrames >= BROKEN_FRAMES_MAX) {
      this.#deps.connections.close(connection, CLOSE.badFrame)
      return
    }
    connection.socket?.send(err(refusal.id, refusal.code, refusal.detail))
  }

  #finish(connection: Connection): void {
    connection.busySince = 0
    this.resume(connection)
  }

  #fail(connection: Connection, frame: UpFrame, error: unknown): void {
    if (!(error instanceof AppError)) {
      this.#deps.logger.error({ err: error, frame: frame.t }, 'a command failed')
    }
    connection.socket?.send(refusalFrame('id' in frame ? frame.id : undefined, error))
    this.#finish(connection)
  }

  #now(): number {
    // Never 0, which means "not busy".
    return Math.max(1, Math.floor(this.#deps.clock.monotonic() / 1_000))
  }
}

function isWaiting(connection: Connection): boolean {
  return connection.busySince > 0 || connection.inFlight >= IN_FLIGHT_MAX
}

import { AUTH_TIMEOUT_MS, CLOSE } from '@tam/protocol'
import type { Cancel, Clock } from '@tam/util'
import type { Bus } from '../ports/bus/bus.ts'
import type { Logger } from '../observability/logger.ts'
import type { Connections } from './connections.ts'
import type { LoginChecks } from './deps.ts'
import type { CatchUp } from './hub/catch-up.ts'
import type { Connection } from './hub/state.ts'
import {
  COMMAND_DEADLINE_SECONDS,
  FROZEN_MS,
  LOGIN_CHECK_LOSSLESS_SECONDS,
  LOGIN_CHECK_SECONDS,
  SILENCE_SECONDS,
  STALLED_SECONDS,
  TOKEN_LEEWAY_SECONDS,
} from './limits.ts'

const SWEEP_MS = 1_000
/** Logins read again in one sweep, at least; more with more connections. */
const LOGIN_CHECKS_MIN = 64
/** Until a login that could not be read is read again. */
const LOGIN_RETRY_SECONDS = 1

export interface SweepDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly connections: Connections
  readonly bus: Pick<Bus, 'isLossless'>
  readonly logins: LoginChecks
  readonly catchUp: CatchUp
  readonly onFailure: (connection: Connection, error: unknown) => void
  /** Called with every sweep, after the connections were looked at. */
  readonly also: () => void
}

/** All deadlines of all connections: one timer walks a flat list once a second. */
export class Sweep {
  readonly #deps: SweepDeps
  #cancel: Cancel | undefined
  #sweptAt: number
  #seconds = 0
  #loginChecks = 0
  readonly #loginCheckSeconds: number

  constructor(deps: SweepDeps) {
    this.#deps = deps
    this.#sweptAt = deps.clock.monotonic()
    this.#loginCheckSeconds = deps.bus.isLossless ? LOGIN_CHECK_LOSSLESS_SECONDS : LOGIN_CHECK_SECONDS
  }

  start(): void {
    this.#sweptAt = this.#deps.clock.monotonic()
    this.#cancel = this.#deps.clock.every(SWEEP_MS, () => this.run())
  }

  stop(): void {
    this.#cancel?.()
  }

  /**
   * After the process was frozen, nothing it believes of logins and memberships holds any more: every connection is
   * closed before anything else happens. Asked before each frame.
   */
  thaw(): void {
    const now = this.#deps.clock.monotonic()
    if (now - this.#sweptAt > FROZEN_MS) {
      this.#deps.logger.warn({ frozenMs: Math.round(now - this.#sweptAt) }, 'the process stood still')
      this.#deps.connections.closeAll()
    }
    this.#sweptAt = now
  }

  run(): void {
    this.thaw()
    this.#seconds = Math.floor(this.#sweptAt / 1_000)
    this.#loginChecks = Math.max(
      LOGIN_CHECKS_MIN,
      Math.ceil(this.#deps.connections.size / this.#loginCheckSeconds) * 2,
    )
    const expired = this.#deps.clock.now() / 1_000 - TOKEN_LEEWAY_SECONDS
    this.#deps.connections.forEach((connection) => {
      if (connection.phase !== 'ready') {
        this.#lookAtStranger(connection)
      } else {
        this.#lookAt(connection, expired)
      }
    })
    this.#deps.also()
  }

  #lookAtStranger(connection: Connection): void {
    const { connections, onFailure } = this.#deps
    const age = this.#seconds - connection.openedAt
    if (connection.phase === 'open' && age >= AUTH_TIMEOUT_MS / 1_000) {
      connections.close(connection, CLOSE.unauthenticated)
    } else if (age >= COMMAND_DEADLINE_SECONDS) {
      // It has shown its token in time: being slow is the server's doing, and no reason to log in again.
      onFailure(connection, new Error('a handshake did not finish'))
    }
  }

  #lookAt(connection: Connection, expired: number): void {
    const { connections, catchUp, onFailure } = this.#deps
    if (connection.expiresAt < expired) {
      connections.close(connection, CLOSE.unauthenticated)
    } else if (this.#seconds - connection.validAt > SILENCE_SECONDS) {
      // Not forbidden to come back: a laptop that slept looks the same as a peer that sends fragments for ever.
      connections.close(connection, CLOSE.slowConsumer)
    } else if (connection.busySince > 0 && this.#seconds - connection.busySince > COMMAND_DEADLINE_SECONDS) {
      onFailure(connection, new Error('a command did not finish'))
    } else if (this.#isStalled(connection)) {
      connections.terminate(connection)
    } else {
      catchUp.advance(connection)
      this.#checkLogin(connection)
    }
  }

  /** It takes nothing of what waits for it. */
  #isStalled(connection: Connection): boolean {
    const unsent = connection.socket?.getBufferedAmount() ?? 0
    connection.stalledFor = unsent > 0 && unsent >= connection.stalledBytes ? connection.stalledFor + 1 : 0
    connection.stalledBytes = unsent
    return connection.stalledFor > STALLED_SECONDS
  }

  // Spread over many sweeps: connections that came together are not all asked about in one tick.
  #checkLogin(connection: Connection): void {
    if (this.#seconds - connection.loginCheckedAt >= this.#loginCheckSeconds && this.#loginChecks > 0) {
      this.#loginChecks--
      connection.loginCheckedAt = this.#seconds
      void this.#askLogin(connection, connection.sid)
    }
  }

  // A store that does not answer ends nobody's login; the token's own expiry still does.
  async #askLogin(connection: Connection, sid: string): Promise<void> {
    try {
      const isActive = await this.#deps.logins.isActive(sid)
      if (!isActive && connection.sid === sid) {
        this.#deps.connections.close(connection, CLOSE.unauthenticated)
      }
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'a login could not be checked')
      // Not in another ten seconds: a revocation that the bus lost would wait for both.
      connection.loginCheckedAt = this.#seconds - this.#loginCheckSeconds + LOGIN_RETRY_SECONDS
    }
  }
}

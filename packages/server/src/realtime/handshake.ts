import { type AuthFrame, CLOSE, HEARTBEAT_MS, type Me } from '@tam/protocol'
import { randomId } from '@tam/util'
import type { Claims } from '../accounts/claims.ts'
import type { Connections } from './connections.ts'
import type { GatewayDeps } from './deps.ts'
import { Slots } from '../slots.ts'
import type { Hub } from './hub/hub.ts'
import type { Connection, LocalUser } from './hub/state.ts'
import { HANDSHAKE_RETRY_MS, HANDSHAKES_AT_ONCE, HANDSHAKES_WAITING_MAX } from './limits.ts'

const SESSION_ID_LENGTH = 12

export interface HandshakeDeps extends Pick<
  GatewayDeps,
  'clock' | 'random' | 'tokens' | 'logins' | 'profiles' | 'config'
> {
  readonly connections: Connections
  readonly hub: Pick<Hub, 'users' | 'goLive'>
  /** The user has a connection past `hello`, or one more. */
  readonly onReady: (user: LocalUser) => void
}

/** `auth` → `hello`, the first time and at every renewal. */
export class Handshake {
  readonly #deps: HandshakeDeps
  readonly #slots = new Slots({
    count: HANDSHAKES_AT_ONCE,
    waitingMax: HANDSHAKES_WAITING_MAX,
    retryAfterMs: HANDSHAKE_RETRY_MS,
  })

  constructor(deps: HandshakeDeps) {
    this.#deps = deps
  }

  /** The first frame. */
  async begin(connection: Connection, { token }: AuthFrame): Promise<void> {
    connection.phase = 'authenticating'
    const claims = await this.#deps.tokens.verifyOnce(token)
    if (claims === undefined) {
      this.#deps.connections.close(connection, CLOSE.unauthenticated)
      return
    }
    await this.#slots.run(() => this.#enter(connection, claims))
  }

  /**
   * The connection is registered under its user before the login is checked, so that a revocation is either seen by
   * the check or heard.
   */
  async #enter(connection: Connection, claims: Claims): Promise<void> {
    // Whoever gave up waiting costs nothing more.
    if (isClosed(connection)) {
      return
    }
    const { clock, connections, hub, logins, profiles, onReady } = this.#deps
    this.#bear(connection, claims)
    const user = hub.users.attach(connection, claims.user)
    await user.listening
    // A remembered answer may be from before this server began to listen: a revocation in between told nobody here.
    const since = clock.monotonic()
    const [isActive, me] = await Promise.all([
      logins.isActive(claims.sid, since),
      profiles.me(user.id),
      user.ready,
    ])
    if (isClosed(connection)) {
      return
    }
    if (!isActive) {
      connections.close(connection, CLOSE.unauthenticated)
      return
    }
    user.invisible = me.presence.visibility === 'nobody'
    connections.admit(connection)
    hub.goLive.hold(connection)
    this.#greet(connection, me)
    onReady(user)
  }

  /** A later `auth` frame: a new token for the same user. */
  async renew(connection: Connection, user: LocalUser, { token }: AuthFrame): Promise<void> {
    const { clock, connections, logins, profiles, tokens } = this.#deps
    const claims = await tokens.verifyOnce(token)
    if (claims !== undefined && claims.user !== user.id) {
      connections.close(connection, CLOSE.forbidden)
      return
    }
    if (claims === undefined) {
      connections.close(connection, CLOSE.unauthenticated)
      return
    }
    // From here on a revocation of this login closes the connection: whatever came before is seen by the check.
    this.#bear(connection, claims)
    if (!(await logins.isActive(claims.sid, clock.monotonic()))) {
      connections.close(connection, CLOSE.unauthenticated)
      return
    }
    this.#greet(connection, await profiles.me(user.id))
  }

  #bear(connection: Connection, { sid, exp }: Claims): void {
    connection.sid = sid
    connection.expiresAt = exp
    connection.loginCheckedAt = Math.floor(this.#deps.clock.monotonic() / 1_000)
  }

  #greet(connection: Connection, user: Me): void {
    const { clock, random, config } = this.#deps
    connection.socket?.send(
      JSON.stringify({
        t: 'hello',
        session: randomId(random, SESSION_ID_LENGTH),
        user,
        node: config.node,
        epoch: config.epoch,
        heartbeatMs: HEARTBEAT_MS,
        serverTime: new Date(clock.now()).toISOString(),
      }),
    )
  }
}

// A function, because the phase changes behind an `await` and the compiler does not know.
function isClosed(connection: Connection): boolean {
  return connection.phase === 'closed'
}

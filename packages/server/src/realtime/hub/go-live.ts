import type { Cancel, Clock } from '@tam/util'
import { LIVE_AFTER_MS } from '../limits.ts'
import type { CatchUp } from './catch-up.ts'
import type { Held } from './held.ts'
import { part } from './native-topic.ts'
import type { Connection } from './state.ts'

export interface GoLiveDeps {
  readonly clock: Pick<Clock, 'monotonic' | 'after'>
  readonly catchUp: CatchUp
  readonly held: Held
}

/**
 * Connections between `hello` and their first frame. Their positions are fixed, nothing is sent yet: a `sync` may
 * still say otherwise. One timer serves all, because all wait equally long.
 */
export class GoLive {
  readonly #deps: GoLiveDeps
  readonly #waiting: { readonly connection: Connection; readonly at: number }[] = []
  #cancel: Cancel | undefined

  constructor(deps: GoLiveDeps) {
    this.#deps = deps
  }

  /** The user's rooms are open: the connection has, from now on, everything after this moment. */
  hold(connection: Connection): void {
    const { clock, held } = this.#deps
    held.add(connection)
    this.#waiting.push({ connection, at: clock.monotonic() + LIVE_AFTER_MS })
    this.#arm()
  }

  /** A connection that is live stops receiving, until `release`. */
  suspend(connection: Connection): void {
    this.#deps.held.add(connection)
    for (const room of connection.user?.rooms ?? []) {
      part(connection, room)
    }
  }

  /** Goes on from the positions in `behind`, and in all other rooms from what is published. */
  release(connection: Connection): void {
    this.#deps.held.delete(connection)
    if (connection.user !== null) {
      // Only a first sync would have used it.
      connection.user.refs = null
    }
    this.#deps.catchUp.begin(connection)
  }

  /** The connection closed. */
  forget(connection: Connection): void {
    this.#deps.held.delete(connection)
  }

  stop(): void {
    this.#cancel?.()
  }

  #arm(): void {
    const [first] = this.#waiting
    if (first !== undefined) {
      const { clock } = this.#deps
      this.#cancel ??= clock.after(Math.max(0, first.at - clock.monotonic()), this.#onTime)
    }
  }

  readonly #onTime = (): void => {
    this.#cancel = undefined
    const now = this.#deps.clock.monotonic()
    const due = this.#waiting.findIndex(({ at }) => at > now)
    for (const { connection } of this.#waiting.splice(0, due === -1 ? this.#waiting.length : due)) {
      // A connection that is busy is being synced, which releases it.
      if (connection.held && connection.busySince === 0) {
        this.release(connection)
      }
    }
    this.#arm()
  }
}

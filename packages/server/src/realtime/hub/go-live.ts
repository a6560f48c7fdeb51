import type { Cancel, Clock } from '@tam/util'
import { LIVE_AFTER_MS } from '../limits.ts'
import type { CatchUp } from './catch-up.ts'
import type { Connection } from './state.ts'

/**
 * Connections between `hello` and their first frame. Their positions are fixed, nothing is sent yet: a `sync` may
 * still say otherwise. One timer serves all, because all wait equally long.
 */
export class GoLive {
  readonly #clock: Clock
  readonly #catchUp: CatchUp
  readonly #waiting: { readonly connection: Connection; readonly at: number }[] = []
  #cancel: Cancel | undefined

  constructor(clock: Clock, catchUp: CatchUp) {
    this.#clock = clock
    this.#catchUp = catchUp
  }

  /** The user's rooms are open: the connection has, from now on, everything after this moment. */
  hold(connection: Connection): void {
    const { user } = connection
    if (user === null || user.log === null) {
      return
    }
    connection.held = true
    connection.behind = new Map([[user.log, user.log.published]])
    for (const room of user.rooms) {
      connection.behind.set(room, room.published)
    }
    this.#waiting.push({ connection, at: this.#clock.monotonic() + LIVE_AFTER_MS })
    this.#arm()
  }

  /** Goes on from the positions in `behind`. */
  release(connection: Connection): void {
    connection.held = false
    if (connection.user !== null) {
      // Only a first sync would have used it.
      connection.user.refs = null
    }
    this.#catchUp.advance(connection)
  }

  stop(): void {
    this.#cancel?.()
  }

  #arm(): void {
    const [first] = this.#waiting
    if (first !== undefined) {
      this.#cancel ??= this.#clock.after(Math.max(0, first.at - this.#clock.monotonic()), this.#onTime)
    }
  }

  readonly #onTime = (): void => {
    this.#cancel = undefined
    const now = this.#clock.monotonic()
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

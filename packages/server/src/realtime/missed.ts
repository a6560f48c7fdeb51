import type { Cancel, Clock, Random } from '@tam/util'
import type { Bus } from '../ports/bus/bus.ts'
import type { Connections } from './connections.ts'
import { MISSED } from './frames/encode.ts'
import type { Connection } from './hub/state.ts'

/** From a loss until the first is told: longer than any server remembers what it may have to forget, milliseconds. */
export const MISSED_AFTER_MS = 5_000
/** Beyond that, at random, so that the servers of a fleet do not begin together. */
export const MISSED_SPREAD_MS = 2_000
/** So many are told every MISSED_EVERY_MS: 200 a second. */
export const MISSED_AT_ONCE = 10
export const MISSED_EVERY_MS = 50

export interface MissedDeps {
  readonly clock: Pick<Clock, 'after'>
  readonly random: Random
  readonly bus: Pick<Bus, 'onDiscontinuity' | 'isLossless'>
  readonly connections: Pick<Connections, 'forEach'>
  /** False while messages of this server to itself do not come back. */
  readonly isBusHealthy: () => boolean
}

/**
 * Entries that the bus loses are found by their heads. What it tells once and no log holds (read positions, profiles)
 * is not: after each time some of it may have been lost, every connection is told to ask for it, a few at a time, since
 * each of them asks for all its conversations.
 */
export class Missed {
  readonly #deps: MissedDeps
  /** Those that are still to be told, while a round is under way. */
  #round: Connection[] = []
  #isAgain = false
  #wasHealthy = true
  #cancel: Cancel | undefined
  #endDiscontinuities: Cancel = () => {}

  constructor(deps: MissedDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#endDiscontinuities = this.#deps.bus.onDiscontinuity(() => this.soon())
  }

  stop(): void {
    this.#endDiscontinuities()
    this.#cancel?.()
  }

  /** Once a second: a bus may fall silent and come back without a connection being lost. */
  sweep(): void {
    const isHealthy = this.#deps.isBusHealthy()
    if (isHealthy && !this.#wasHealthy && !this.#deps.bus.isLossless) {
      this.soon()
    }
    this.#wasHealthy = isHealthy
  }

  /** Tells everybody who is connected by then. */
  soon(): void {
    if (this.#cancel !== undefined) {
      this.#isAgain ||= this.#round.length > 0
      return
    }
    const { clock, random } = this.#deps
    const afterMs = MISSED_AFTER_MS + MISSED_SPREAD_MS * random.float()
    this.#cancel = clock.after(afterMs, () => this.#begin())
  }

  #begin(): void {
    this.#deps.connections.forEach((connection) => {
      if (connection.phase === 'ready') {
        this.#round.push(connection)
      }
    })
    this.#tell()
  }

  #tell(): void {
    for (const connection of this.#round.splice(-MISSED_AT_ONCE)) {
      if (connection.phase === 'ready') {
        connection.socket?.send(MISSED)
      }
    }
    if (this.#round.length > 0) {
      this.#cancel = this.#deps.clock.after(MISSED_EVERY_MS, () => this.#tell())
      return
    }
    this.#cancel = undefined
    if (this.#isAgain) {
      this.#isAgain = false
      this.soon()
    }
  }
}

import type { Clock, Random } from '@tam/util'
import type { Log } from '../../log/log.ts'
import type { Bus } from '../../ports/bus/bus.ts'
import type { Logger } from '../../observability/logger.ts'
import {
  HEAD_CHECK_CHUNK,
  HEAD_CHECK_DEGRADED_MS,
  HEAD_CHECK_JITTER_MS,
  HEAD_CHECK_LOSSLESS_MS,
  HEAD_CHECK_MS,
} from '../limits.ts'
import type { Rooms } from './rooms.ts'
import type { Room } from './state.ts'

export interface HeadCheckDeps {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly log: Pick<Log, 'head'>
  readonly rooms: Rooms
  readonly bus: Pick<Bus, 'isLossless'>
  readonly isBusHealthy: () => boolean
}

/**
 * Compares every room with its log now and then, so that an entry the bus lost is noticed even when nothing follows
 * it. Often while the bus is not heard: then this is the delivery.
 */
export class HeadCheck {
  readonly #deps: HeadCheckDeps
  #cancel: (() => void) | undefined
  #stopped = false
  #running = false
  /** What is asked while a round runs needs one more: that one may have looked already. */
  #again = false
  /** When the last complete round ended, monotonic milliseconds. */
  succeededAt: number

  constructor(deps: HeadCheckDeps) {
    this.#deps = deps
    this.succeededAt = deps.clock.monotonic()
  }

  start(): void {
    const { bus, clock, random, isBusHealthy } = this.#deps
    const usual =
      (bus.isLossless ? HEAD_CHECK_LOSSLESS_MS : HEAD_CHECK_MS) +
      (2 * random.float() - 1) * HEAD_CHECK_JITTER_MS
    this.#cancel = clock.after(isBusHealthy() ? usual : HEAD_CHECK_DEGRADED_MS, () => void this.#round())
  }

  /** Looks now: something was probably missed. */
  soon(): void {
    if (this.#running) {
      this.#again = true
      return
    }
    this.#cancel?.()
    void this.#round()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  /** Looks at every room once. @throws what the log throws */
  async run(): Promise<void> {
    const rooms = [...this.#deps.rooms.values()]
    for (let from = 0; from < rooms.length; from += HEAD_CHECK_CHUNK) {
      await Promise.all(rooms.slice(from, from + HEAD_CHECK_CHUNK).map((room) => this.#look(room)))
    }
    this.succeededAt = this.#deps.clock.monotonic()
  }

  async #round(): Promise<void> {
    this.#running = true
    do {
      this.#again = false
      try {
        await this.run()
      } catch (error) {
        this.#deps.logger.warn({ err: error }, 'the heads could not be checked')
      }
    } while (this.#again && !this.#stopped)
    this.#running = false
    if (!this.#stopped) {
      this.start()
    }
  }

  async #look(room: Room): Promise<void> {
    if (room.next > 0 && !room.closed) {
      const head = await this.#deps.log.head(room.id)
      if (head >= room.next && !room.closed) {
        await this.#deps.rooms.reach(room, head)
      }
    }
  }
}

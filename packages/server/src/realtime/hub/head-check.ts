import type { Cancel, Clock, Random } from '@tam/util'
import type { Log } from '../../log/log.ts'
import type { Bus } from '../../ports/bus/bus.ts'
import type { Logger } from '../../observability/logger.ts'
import {
  HEAD_CHECK_CHUNK,
  HEAD_CHECK_DEGRADED_MS,
  HEAD_CHECK_JITTER_MS,
  HEAD_CHECK_LOSSLESS_MS,
  HEAD_CHECK_MS,
  HEAD_SWEEP_MS,
} from '../limits.ts'
import type { Rooms } from './rooms.ts'
import type { Room } from './state.ts'

export interface HeadCheckDeps {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly log: Pick<Log, 'head'>
  readonly rooms: Pick<Rooms, 'get' | 'values' | 'size' | 'reach'>
  readonly bus: Pick<Bus, 'isLossless'>
  readonly isBusHealthy: () => boolean
  /** Whether every server is heard telling how far its logs are. Absent where none tells. */
  readonly hearsAll?: () => Promise<boolean>
}

/**
 * Compares rooms with their logs, so that an entry the bus lost is noticed even when nothing follows it. Where servers
 * tell how far the logs are, only when that may not be everything, and each room once in a long while. Often while the
 * bus is not heard: then this is the delivery.
 */
export class HeadCheck {
  readonly #deps: HeadCheckDeps
  #cancel: Cancel | undefined
  #stopped = false
  #running = false
  /** What is asked while a round runs needs one more: that one may have looked already. */
  #again = false
  /** It is time to find out whether something may be missed. */
  #isTime = false
  /** Every room is to be looked at. */
  #isDue = false
  /** Rooms in doubt, until they were looked at. */
  readonly #doubted = new Set<string>()
  /** The slow sweep over all rooms: where it is, and when it went on last, monotonic milliseconds. */
  #sweep: Iterator<Room> | undefined
  #sweptAt: number
  /** When the last complete round ended, monotonic milliseconds. */
  succeededAt: number
  /** Heads read since the start. */
  reads = 0

  constructor(deps: HeadCheckDeps) {
    this.#deps = deps
    this.#sweptAt = deps.clock.monotonic()
    this.succeededAt = this.#sweptAt
  }

  start(): void {
    const { bus, clock, random, isBusHealthy } = this.#deps
    const usual =
      (bus.isLossless ? HEAD_CHECK_LOSSLESS_MS : HEAD_CHECK_MS) +
      (2 * random.float() - 1) * HEAD_CHECK_JITTER_MS
    this.#cancel = clock.after(isBusHealthy() ? usual : HEAD_CHECK_DEGRADED_MS, () => {
      this.#cancel = undefined
      this.#isTime = true
      this.#hurry()
    })
  }

  /** Looks at every room now: something was probably missed. */
  soon(): void {
    this.#isDue = true
    this.#hurry()
  }

  /** Looks at this room now: it may have moved on untold. */
  doubt(log: string): void {
    if (this.#deps.rooms.get(log) !== undefined) {
      this.#doubted.add(log)
      this.#hurry()
    }
  }

  /** Looks at this room with the next round. */
  doubtLater(log: string): void {
    this.#doubted.add(log)
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }

  /** Looks at every room once. @throws what the log throws, when it answers nothing: then the rest is in doubt */
  async run(): Promise<void> {
    this.#isDue = false
    this.#doubted.clear()
    await this.#lookAt([...this.#deps.rooms.values()])
  }

  #hurry(): void {
    this.#again = true
    if (!this.#running) {
      void this.#rounds()
    }
  }

  async #rounds(): Promise<void> {
    this.#running = true
    while (this.#again && !this.#stopped) {
      this.#again = false
      try {
        await this.#round()
        this.succeededAt = this.#deps.clock.monotonic()
      } catch (error) {
        this.#deps.logger.warn({ err: error }, 'the heads could not be checked')
      }
    }
    this.#running = false
    if (!this.#stopped && this.#cancel === undefined) {
      this.start()
    }
  }

  async #round(): Promise<void> {
    if (this.#isTime && !this.#isDue && !(await this.#isAllTold())) {
      this.#isDue = true
    }
    this.#isTime = false
    await (this.#isDue ? this.run() : this.#lookAtSome())
  }

  async #isAllTold(): Promise<boolean> {
    const { hearsAll, isBusHealthy, logger } = this.#deps
    try {
      return hearsAll !== undefined && isBusHealthy() && (await hearsAll())
    } catch (error) {
      logger.warn({ err: error }, 'the servers could not be listed')
      return false
    }
  }

  /** Those in doubt, and a few that were not looked at for long. */
  async #lookAtSome(): Promise<void> {
    const doubted = [...this.#doubted].map((log) => this.#deps.rooms.get(log))
    this.#doubted.clear()
    const open = doubted.filter((room) => room !== undefined)
    await this.#lookAt([...open, ...this.#nextOfSweep()])
  }

  /** As many rooms as the time since the last slice is part of a sweep. */
  #nextOfSweep(): Room[] {
    const { clock, rooms } = this.#deps
    const now = clock.monotonic()
    const count = Math.min(rooms.size, Math.floor((rooms.size * (now - this.#sweptAt)) / HEAD_SWEEP_MS))
    if (count > 0) {
      this.#sweptAt = now
    }
    const slice: Room[] = []
    while (slice.length < count) {
      const next = (this.#sweep ??= rooms.values()[Symbol.iterator]()).next()
      if (next.done === true) {
        this.#sweep = undefined
      } else {
        slice.push(next.value)
      }
    }
    return slice
  }

  async #lookAt(rooms: readonly Room[]): Promise<void> {
    for (let from = 0; from < rooms.length; from += HEAD_CHECK_CHUNK) {
      const chunk = rooms.slice(from, from + HEAD_CHECK_CHUNK)
      const looks = await Promise.allSettled(chunk.map((room) => this.#look(room)))
      const errors = looks.filter((look) => look.status === 'rejected').map(({ reason }) => reason as unknown)
      if (errors.length === chunk.length) {
        rooms.slice(from).forEach(({ id }) => this.#doubted.add(id))
        throw errors[0]
      }
      if (errors.length > 0) {
        this.#deps.logger.warn({ err: errors[0], logs: errors.length }, 'some heads could not be checked')
      }
    }
  }

  /** @throws what the log throws: then the room stays in doubt */
  async #look(room: Room): Promise<void> {
    this.#doubted.delete(room.id)
    if (room.next === 0 || room.closed) {
      return
    }
    this.reads++
    try {
      const head = await this.#deps.log.head(room.id)
      if (head >= room.next && !room.closed) {
        await this.#deps.rooms.reach(room, head)
      }
    } catch (error) {
      this.#doubted.add(room.id)
      throw error
    }
  }
}

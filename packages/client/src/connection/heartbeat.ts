import type { Cancel, Clock } from '@tam/util'

/** Beats without any frame of the server after which a connection is dead. */
export const MISSED_MAX = 2
/** Milliseconds a doubtful connection gets to answer a ping. */
export const PROBE_TIMEOUT_MS = 2_000

export interface HeartbeatOptions {
  readonly clock: Clock
  readonly intervalMs: number
  readonly ping: () => void
  readonly onDead: () => void
}

/** Notices a connection that is dead although nothing closed it. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #cancelBeat: Cancel
  #cancelProbe: Cancel | undefined
  #missed = 0
  #heardAt: number

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#heardAt = options.clock.now()
    this.#cancelBeat = options.clock.every(options.intervalMs, () => this.#beat())
  }

  /** Any frame proves life. */
  heard(): void {
    this.#missed = 0
    this.#heardAt = this.#options.clock.now()
    this.#cancelProbe?.()
    this.#cancelProbe = undefined
  }

  /** Something happened that kills connections (sleep, another network): answer soon or be dead. */
  probe(): void {
    const { clock, intervalMs, onDead, ping } = this.#options
    // Wall time, because it goes on while a laptop sleeps.
    if (clock.now() - this.#heardAt > intervalMs * (MISSED_MAX + 1)) {
      onDead()
      return
    }
    if (this.#cancelProbe === undefined) {
      ping()
      this.#cancelProbe = clock.after(PROBE_TIMEOUT_MS, onDead)
    }
  }

  stop(): void {
    this.#cancelBeat()
    this.#cancelProbe?.()
  }

  #beat(): void {
    if (this.#missed >= MISSED_MAX) {
      this.#options.onDead()
      return
    }
    this.#missed++
    this.#options.ping()
  }
}

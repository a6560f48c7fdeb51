import type { Cancel, Clock } from '@tam/util'
import type { Kv } from '../ports/kv/kv.ts'

const PROBE_MS = 1_000
/** A store that has not answered for this long is taken for dead. */
const DEAD_MS = 10_000

/** Proves the store by reading from it every second. */
export class StoreProbe {
  readonly #kv: Pick<Kv, 'get'>
  readonly #clock: Clock
  #answeredAt = Number.NEGATIVE_INFINITY
  #asking = false
  #cancel: Cancel = () => {}

  constructor(kv: Pick<Kv, 'get'>, clock: Clock) {
    this.#kv = kv
    this.#clock = clock
  }

  async start(): Promise<void> {
    await this.#ask()
    this.#cancel = this.#clock.every(PROBE_MS, () => void this.#ask())
  }

  stop(): void {
    this.#cancel()
  }

  isAlive(): boolean {
    return this.#clock.monotonic() - this.#answeredAt < DEAD_MS
  }

  async #ask(): Promise<void> {
    if (this.#asking) {
      return
    }
    this.#asking = true
    try {
      await this.#kv.get('server', 'epoch')
      this.#answeredAt = this.#clock.monotonic()
    } catch {
      // Silence is the finding: isAlive says so when it lasts.
    } finally {
      this.#asking = false
    }
  }
}

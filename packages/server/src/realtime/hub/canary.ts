import type { Clock } from '@tam/util'
import { type Bus, topics } from '../../ports/bus/bus.ts'
import { CANARY_LOST_MS, CANARY_MS } from '../limits.ts'

export interface CanaryDeps {
  readonly clock: Clock
  readonly bus: Bus
  /** Name of this server. */
  readonly node: string
}

/** Proves that the bus carries data, by a message to oneself: a connected bus may still deliver nothing. */
export class Canary {
  readonly #deps: CanaryDeps
  readonly #topic: string
  #heardAt: number
  #cancel: (() => void) | undefined

  constructor(deps: CanaryDeps) {
    this.#deps = deps
    this.#topic = topics.canary(deps.node)
    this.#heardAt = deps.clock.monotonic()
  }

  get isHealthy(): boolean {
    return this.#deps.clock.monotonic() - this.#heardAt < CANARY_LOST_MS
  }

  async start(): Promise<void> {
    const { bus, clock } = this.#deps
    this.#cancel = clock.every(CANARY_MS, () => bus.publish(this.#topic, ''))
    await bus.subscribe(this.#topic, this.#onCanary)
  }

  stop(): void {
    this.#cancel?.()
    this.#deps.bus.unsubscribe(this.#topic, this.#onCanary)
  }

  readonly #onCanary = (): void => {
    this.#heardAt = this.#deps.clock.monotonic()
  }
}

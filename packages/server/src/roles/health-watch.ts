import type { Cancel, Clock } from '@tam/util'
import type { Health, Readiness } from '../lifecycle/health.ts'
import type { Logger } from '../observability/logger.ts'

/** Between two looks, milliseconds. */
export const HEALTH_LOOK_MS = 1_000

export interface HealthWatchDeps {
  readonly clock: Pick<Clock, 'every'>
  readonly logger: Logger
  readonly health: Pick<Health, 'readiness' | 'isBusHealthy'>
}

const SAID: Readonly<Record<Readiness, string>> = {
  ready: 'ready',
  draining: 'draining',
  'store-silent': 'not ready: the store does not answer',
  deaf: 'not ready: other servers are not heard, neither over the bus nor by reading the store',
}

/** Says in the log what changed about readiness and hearing. */
export class HealthWatch {
  readonly #deps: HealthWatchDeps
  #readiness: Readiness = 'ready'
  #hears = true
  #cancel: Cancel = () => {}

  constructor(deps: HealthWatchDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#cancel = this.#deps.clock.every(HEALTH_LOOK_MS, () => this.#look())
  }

  stop(): void {
    this.#cancel()
  }

  #look(): void {
    const { health, logger } = this.#deps
    const readiness = health.readiness()
    if (readiness !== this.#readiness) {
      this.#readiness = readiness
      const isBad = readiness === 'store-silent' || readiness === 'deaf'
      logger[isBad ? 'error' : 'info']({ readiness }, SAID[readiness])
    }
    if (health.isBusHealthy !== this.#hears) {
      this.#hears = health.isBusHealthy
      if (this.#hears) {
        logger.info('the bus is heard again')
      } else {
        logger.error('the bus is not heard: what is new is found by reading the store')
      }
    }
  }
}

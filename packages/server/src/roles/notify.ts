import type { Cancel } from '@tam/util'
import { isShared } from '../config/targets.ts'
import { type Cache, CacheUnavailable } from '../ports/cache/cache.ts'
import type { Foundation, Role } from './role.ts'

/** Between two looks for what a crash cut off, milliseconds. */
export const SWEEP_MS = 30_000
/** Whoever takes this token sweeps; it is back before the next look. */
const TURN = { key: 'notify/sweep', rate: { count: 1, periodMs: SWEEP_MS * 0.9, burst: 1 } }

type NotifyDeps = Pick<Foundation, 'clock' | 'logger' | 'config'> & {
  readonly services: { readonly conversations: Pick<Foundation['services']['conversations'], 'sweep'> }
  readonly engines: { readonly cache: Pick<Cache, 'take'> }
}

/** The role notify. */
export function openNotifyRole(deps: NotifyDeps): Role {
  const sweeps = new Sweeps(deps)
  return {
    name: 'notify',
    start: () => sweeps.start(),
    drain: () => sweeps.end(),
    stop: () => void sweeps.end(),
  }
}

/**
 * Finishes what crashes of any server cut off. One server of a fleet does it at a time; while there is no cache to
 * agree by all of them do, which is only more work.
 */
class Sweeps {
  readonly #deps: NotifyDeps
  #cancel: Cancel = () => {}
  #running: Promise<void> | undefined

  constructor(deps: NotifyDeps) {
    this.#deps = deps
  }

  async start(): Promise<void> {
    const { clock, config, services } = this.#deps
    if (!isShared(config.store)) {
      // Nobody else has the store: whatever is unfinished was cut off.
      await services.conversations.sweep({ all: true })
    }
    this.#cancel = clock.every(SWEEP_MS, () => {
      this.#running ??= this.#sweep().finally(() => {
        this.#running = undefined
      })
    })
  }

  /** Resolves when the sweep that runs has ended. */
  async end(): Promise<void> {
    this.#cancel()
    await this.#running
  }

  async #sweep(): Promise<void> {
    const { services, logger } = this.#deps
    try {
      const { finished } = (await this.#isOurTurn()) ? await services.conversations.sweep() : { finished: 0 }
      if (finished > 0) {
        logger.info({ finished }, 'finished what was cut off')
      }
    } catch (error) {
      logger.error({ err: error }, 'the sweep of unfinished changes failed')
    }
  }

  async #isOurTurn(): Promise<boolean> {
    try {
      return (await this.#deps.engines.cache.take(TURN.key, TURN.rate)) === 0
    } catch (error) {
      if (error instanceof CacheUnavailable) {
        return true
      }
      throw error
    }
  }
}

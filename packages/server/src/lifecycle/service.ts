import type { Clock } from '@tam/util'

/** What one part may take to drain, and to stop; past it the others go on without waiting, milliseconds. */
export const STEP_DEADLINE_MS = 10_000

/** One part of a process, started after what it needs and stopped before it. */
export interface Service {
  readonly name: string
  /** @param signal aborts when the process is told to end before everything has started */
  start?(signal: AbortSignal): Promise<void> | void
  /** Takes nothing new and finishes what is under way. */
  drain?(): Promise<void> | void
  stop?(): Promise<void> | void
}

export interface LifecycleDeps {
  readonly clock: Pick<Clock, 'after'>
  readonly logger: { error(details: object, message: string): void }
}

/** Starts services in the order given; drains, then stops those that started, in the opposite order. */
export class Lifecycle {
  readonly #deps: LifecycleDeps
  /** The one started last comes first. */
  #started: Service[] = []
  #ending: Promise<void> | undefined

  constructor(deps: LifecycleDeps) {
    this.#deps = deps
  }

  /**
   * Starts all of them, or none: what has started is stopped again when one fails or `signal` aborts.
   * @throws what the service threw, or the reason of the abort
   */
  async start(services: readonly Service[], signal: AbortSignal): Promise<void> {
    try {
      for (const service of services) {
        signal.throwIfAborted()
        this.#started.unshift(service)
        await service.start?.(signal)
      }
      signal.throwIfAborted()
    } catch (error) {
      await this.#each('stop')
      throw error
    }
  }

  /** Drains, then stops. Never rejects: what fails or hangs is logged, and the rest goes on. Once. */
  end(): Promise<void> {
    this.#ending ??= this.#end()
    return this.#ending
  }

  async #end(): Promise<void> {
    await this.#each('drain')
    await this.#each('stop')
  }

  async #each(step: 'drain' | 'stop'): Promise<void> {
    for (const service of this.#started) {
      try {
        await this.#bounded(service, step)
      } catch (error) {
        this.#deps.logger.error({ err: error, service: service.name }, `a service failed to ${step}`)
      }
    }
    if (step === 'stop') {
      this.#started = []
    }
  }

  async #bounded(service: Service, step: 'drain' | 'stop'): Promise<void> {
    const late = Promise.withResolvers<never>()
    const cancel = this.#deps.clock.after(STEP_DEADLINE_MS, () => {
      late.reject(new Error(`${service.name} took more than ${STEP_DEADLINE_MS} ms to ${step}`))
    })
    try {
      await Promise.race([service[step]?.(), late.promise])
    } finally {
      cancel()
    }
  }
}

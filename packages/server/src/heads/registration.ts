import type { Cancel, Clock } from '@tam/util'
import type { Logger } from '../observability/logger.ts'
import type { Kv } from '../ports/kv/kv.ts'
import { RENEW_MS } from './limits.ts'
import { putServer } from './server-list.ts'

/** Between two looks whether the row is to be renewed, milliseconds. */
const LOOK_MS = 500

export interface RegistrationDeps {
  readonly clock: Pick<Clock, 'monotonic' | 'every'>
  readonly logger: Logger
  readonly kv: Pick<Kv, 'commit'>
  readonly node: string
}

/** Keeps this server in the list of those that may append. */
export class Registration {
  readonly #deps: RegistrationDeps
  #renewedAt = -Infinity
  #renewing: Promise<void> | undefined
  #cancel: Cancel = () => {}

  constructor(deps: RegistrationDeps) {
    this.#deps = deps
  }

  /** Resolves when the server is in the list. @throws {UnknownOutcome} it may not be */
  async join(): Promise<void> {
    const { clock, kv, node } = this.#deps
    const began = clock.monotonic()
    await putServer(kv, node, { hasLeft: false })
    this.#renewedAt = began
  }

  /** Stays in the list from now on. */
  start(): void {
    this.#look()
    this.#cancel = this.#deps.clock.every(LOOK_MS, () => this.#look())
  }

  /** The row is not renewed any more: the others will take the server for dead. */
  stop(): void {
    this.#cancel()
  }

  /** Tells that nothing is appended here any more. */
  async leave(): Promise<void> {
    const { kv, logger, node } = this.#deps
    await this.#renewing
    await putServer(kv, node, { hasLeft: true }).catch((error: unknown) => {
      logger.warn({ err: error }, 'this server could not leave the list of servers')
    })
  }

  #look(): void {
    if (this.#deps.clock.monotonic() - this.#renewedAt >= RENEW_MS) {
      this.#renewing ??= this.#renew().finally(() => {
        this.#renewing = undefined
      })
    }
  }

  async #renew(): Promise<void> {
    try {
      await this.join()
    } catch (error) {
      // The next look tries again.
      this.#deps.logger.warn({ err: error }, 'this server could not renew its place in the list of servers')
    }
  }
}

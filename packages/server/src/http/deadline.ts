import type { Cancel, Clock } from '@tam/util'
import { AppError } from '../errors.ts'

/** A handler that has not answered by then is answered for, milliseconds. */
export const HANDLER_DEADLINE_MS = 15_000
/** The same for routes that read an upload over a slow line. */
export const UPLOAD_DEADLINE_MS = 120_000

/** Ends the wait for a handler: Bun never reaps a POST whose handler does not answer (oven-sh/bun#33612). */
export class Deadline {
  readonly #clock: Clock
  readonly #passed = Promise.withResolvers<never>()
  #cancel: Cancel = () => {}

  constructor(clock: Clock) {
    this.#clock = clock
    // A deadline that passes while nobody waits must not end the process as an unhandled rejection.
    this.#passed.promise.catch(() => {})
  }

  /** The deadline is `ms` from now. */
  set(ms: number): void {
    this.#cancel()
    this.#cancel = this.#clock.after(ms, () =>
      this.#passed.reject(new AppError('unavailable', { retryAfterMs: 1_000 })),
    )
  }

  /** Begins `work` and the deadline together. @throws {AppError} unavailable when the deadline passes first */
  async limit(work: () => Promise<void>): Promise<void> {
    this.set(HANDLER_DEADLINE_MS)
    try {
      await Promise.race([work(), this.#passed.promise])
    } finally {
      this.#cancel()
    }
  }
}

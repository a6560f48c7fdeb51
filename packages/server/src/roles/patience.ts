import { type Clock, fullJitter, type Random, wait } from '@tam/util'
import { AppError } from '../errors.ts'
import type { Logger } from '../observability/logger.ts'
import { UnknownOutcome } from '../ports/kv/kv.ts'
import { StartError } from './start-errors.ts'

/** How long a start asks a store that gives no answer, milliseconds. */
export const PATIENCE_MS = 60_000
const BACKOFF = { baseMs: 250, capMs: 5_000 }

export interface PatienceDeps {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/**
 * Does work of the start that may be repeated, and again while the store, or what else the settings name, gives no
 * answer.
 * @throws {StartError} after PATIENCE_MS
 */
export async function patiently<Result>(
  { clock, random, logger }: PatienceDeps,
  work: () => Promise<Result>,
): Promise<Result> {
  const deadline = clock.monotonic() + PATIENCE_MS
  for (let attempt = 0; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const isAway = error instanceof StartError && error.mayPass
      if (!isAway && !isSilence(error)) {
        throw error
      }
      if (clock.monotonic() >= deadline) {
        if (isAway) {
          throw error
        }
        const message = `the store has not answered for ${PATIENCE_MS / 1_000} s (${error.message}); check TAM_KV_URL and the store`
        throw new StartError(message, { mayPass: true, cause: error })
      }
      logger.warn({ reason: error.message }, 'no answer yet; trying again')
      await wait(clock, fullJitter(attempt, BACKOFF, random))
    }
  }
}

function isSilence(error: unknown): error is Error {
  return error instanceof UnknownOutcome || (error instanceof AppError && error.code === 'unknown')
}

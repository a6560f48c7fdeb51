import { type Clock, type Random, unreachable } from '@tam/util'
import { AppError } from '../errors.ts'
import { UNKNOWN_DEADLINE_MS, commitUntilKnown } from '../log/commit-until-known.ts'
import type { Change, Kv } from '../ports/kv/kv.ts'

export interface StoreDeps {
  readonly kv: Kv
  readonly clock: Clock
  readonly random: Random
}

/**
 * Commits, and repeats while the outcome is unknown. False means a conflict, perhaps with the commit's own first
 * attempt: the caller recognises its write when it reads the row again.
 * @throws {AppError} storage_full, unknown
 */
export async function commit(deps: StoreDeps, partition: string, change: Change): Promise<boolean> {
  const outcome = await commitUntilKnown({ ...deps, deadlineMs: UNKNOWN_DEADLINE_MS }, partition, change)
  switch (outcome.kind) {
    case 'committed':
      return true
    case 'conflict':
      return false
    case 'full':
      throw new AppError('storage_full')
    case 'unknown':
      throw new AppError('unknown', { retryAfterMs: 1_000 })
    default:
      return unreachable(outcome)
  }
}

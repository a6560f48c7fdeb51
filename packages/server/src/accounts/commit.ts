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
 * Commits a change whose rows name their operation by their values. True when it is in place, also by an attempt
 * whose outcome was not known at first; false when the expected rows have changed.
 * @throws {AppError} storage_full, unknown
 */
export async function commitUnlessChanged(
  deps: StoreDeps,
  partition: string,
  change: Change,
): Promise<boolean> {
  for (;;) {
    if (await commit(deps, partition, change)) {
      return true
    }
    const expected = change.expect ?? []
    const put = change.put ?? []
    const rows = await deps.kv.getMany([...put, ...expected].map(({ key }) => ({ partition, key })))
    if (put.every(({ value }, index) => rows[index]?.value === value)) {
      return true
    }
    if (expected.some(({ rev }, index) => (rows[put.length + index]?.rev ?? null) !== rev)) {
      return false
    }
  }
}

/**
 * Commits, and repeats while the outcome is unknown. False means a conflict, which may be the commit's own first
 * attempt or none at all: the caller reads the rows again and decides anew.
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

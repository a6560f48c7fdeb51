import { fullJitter, unreachable, wait, type Clock, type Random } from '@tam/util'
import { AppError } from '../errors.ts'
import { UNKNOWN_DEADLINE_MS, commitUntilKnown } from '../log/commit-until-known.ts'
import type { Change, Kv } from '../ports/kv/kv.ts'
import { CHANGE_ATTEMPTS_MAX } from './limits.ts'

export interface CommitDeps {
  readonly kv: Kv
  readonly clock: Clock
  readonly random: Random
}

/**
 * Commits and knows the answer. `mine` decides when a repeat conflicts with what may have been its own first attempt.
 * @returns false when somebody else's write came first
 * @throws AppError `storage_full`; `unknown` after 5 s
 */
export async function commitSurely(
  deps: CommitDeps,
  partition: string,
  change: Change,
  mine: () => Promise<boolean>,
): Promise<boolean> {
  const { kv, clock, random } = deps
  const outcome = await commitUntilKnown(
    { kv, clock, random, deadlineMs: UNKNOWN_DEADLINE_MS },
    partition,
    change,
  )
  switch (outcome.kind) {
    case 'committed':
      return true
    case 'conflict':
      return outcome.repeated && (await mine())
    case 'full':
      throw new AppError('storage_full')
    case 'unknown':
      throw new AppError('unknown')
    default:
      return unreachable(outcome)
  }
}

const CONTENTION = { baseMs: 4, capMs: 250 }

/**
 * Decides and commits anew, after a short rest, until `attempt` says that no other write came first.
 * @throws AppError `unavailable` after CHANGE_ATTEMPTS_MAX, and what `attempt` throws
 */
export async function untilUncontended(
  { clock, random }: Pick<CommitDeps, 'clock' | 'random'>,
  attempt: () => Promise<boolean>,
): Promise<void> {
  for (let count = 0; count < CHANGE_ATTEMPTS_MAX; count++) {
    if (await attempt()) {
      return
    }
    await wait(clock, fullJitter(count, CONTENTION, random))
  }
  throw new AppError('unavailable')
}

/** Commits a change without conditions, which a repetition leaves as it is. */
export async function commitAlways(deps: CommitDeps, partition: string, change: Change): Promise<void> {
  await commitSurely(deps, partition, change, async () => true)
}

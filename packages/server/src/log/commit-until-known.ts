import { type BackoffOptions, type Clock, type Random, fullJitter, wait } from '@tam/util'
import { type Change, type Kv, StorageFull, UnknownOutcome } from '../ports/kv/kv.ts'

/** Milliseconds after which an outcome that is still unknown is reported as such. */
export const UNKNOWN_DEADLINE_MS = 5_000
const REPEAT: BackoffOptions = { baseMs: 50, capMs: 1_000 }

export interface Conflict {
  readonly kind: 'conflict'
  /** The expected keys that did not hold. */
  readonly conflicts: readonly string[]
  /** An own earlier attempt may be the cause. */
  readonly repeated: boolean
}

export type Outcome =
  | { readonly kind: 'committed' }
  | Conflict
  | { readonly kind: 'full' }
  | { readonly kind: 'unknown' }

export interface CommitDependencies {
  readonly kv: Kv
  readonly clock: Clock
  readonly random: Random
  /** Milliseconds; 0 tries once. */
  readonly deadlineMs: number
}

/**
 * Commits, and after an unknown outcome repeats the same commit, unchanged, until the outcome is known or the
 * deadline has passed. Nothing else may be tried meanwhile: a late attempt is harmless only as long as nobody moves
 * past the rows it expects absent.
 */
export async function commitUntilKnown(
  { kv, clock, random, deadlineMs }: CommitDependencies,
  partition: string,
  change: Change,
): Promise<Outcome> {
  const deadline = clock.monotonic() + deadlineMs
  for (let attempt = 0; ; attempt++) {
    try {
      const result = await kv.commit(partition, change)
      return result.committed
        ? { kind: 'committed' }
        : { kind: 'conflict', conflicts: result.conflicts, repeated: attempt > 0 }
    } catch (error) {
      if (error instanceof StorageFull) {
        return { kind: attempt === 0 ? 'full' : 'unknown' }
      }
      if (!(error instanceof UnknownOutcome)) {
        throw error
      }
    }
    const delayMs = fullJitter(attempt, REPEAT, random)
    if (clock.monotonic() + delayMs > deadline) {
      return { kind: 'unknown' }
    }
    await wait(clock, delayMs)
  }
}

import { type BackoffOptions, type Clock, type Random, fullJitter, wait } from '@tam/util'
import { type Change, type CommitResult, type Kv, StorageFull, UnknownOutcome } from '../ports/kv/kv.ts'

/** Milliseconds after which an outcome that is still unknown is reported as such, also while an attempt is under way. */
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
  /** Milliseconds; 0 tries once, for as long as that takes. */
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
      const attempted = kv.commit(partition, change)
      const result = await (deadlineMs > 0
        ? answerWithin(attempted, clock, deadline - clock.monotonic())
        : attempted)
      if (result === undefined) {
        return { kind: 'unknown' }
      }
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

/** Undefined when there is no answer by `ms` from now: what was asked for may still happen. */
function answerWithin(
  asked: Promise<CommitResult>,
  clock: Clock,
  ms: number,
): Promise<CommitResult | undefined> {
  return new Promise((resolve, reject) => {
    const late = () => resolve(undefined)
    // After a pause of this process the answer may be here already, unread: one more turn lets it in.
    let cancel = clock.after(ms, () => {
      cancel = clock.after(0, late)
    })
    asked.finally(() => cancel()).then(resolve, reject)
  })
}

import type { History } from './history.ts'
import { dense } from './i01-dense.ts'
import { acked } from './i02-acked.ts'
import { invoked } from './i03-invoked.ts'
import { once } from './i04-once.ts'
import { failed } from './i05-failed.ts'
import { observed } from './i06-observed.ts'
import { stepwise } from './i07-stepwise.ts'
import { realtime } from './i08-realtime.ts'
import { pipelined } from './i09-pipelined.ts'
import { ownWrites } from './i10-own-writes.ts'
import { live } from './i11-live.ts'
import { readState } from './i12-read-state.ts'
import { entitled } from './i13-entitled.ts'
import { pushes } from './i14-pushes.ts'
import { attachments } from './i15-attachments.ts'
import { fsck } from './i16-fsck.ts'
import { Findings } from './invariant.ts'
import type { Invariant } from './invariant.ts'

export interface Judgement {
  readonly id: string
  readonly holds: string
  /** Things the invariant was checked on; 0 means the history says nothing about it. */
  readonly judged: number
  readonly violations: number
  readonly examples: readonly string[]
}

export interface CheckOptions {
  /** Entries per bucket of the store. */
  readonly bucket?: number
  /** On a machine too slow for its times to be judged. */
  readonly isSlow?: boolean
}

/** Judges a history by every invariant, in order of their ids. */
export function check(history: History, options: CheckOptions = {}): Judgement[] {
  return invariants(options).map((invariant) => {
    const found = new Findings()
    const judged = invariant.check(history, found)
    return {
      id: invariant.id,
      holds: invariant.holds,
      judged,
      violations: found.count,
      examples: found.examples,
    }
  })
}

function invariants({ bucket, isSlow }: CheckOptions): Invariant[] {
  return [
    dense,
    acked,
    invoked,
    once,
    failed,
    observed,
    stepwise,
    realtime,
    pipelined,
    ownWrites,
    live,
    readState,
    entitled(isSlow),
    pushes,
    attachments,
    fsck(bucket),
  ]
}

/** Ids of the violated invariants. */
export function violated(judgements: readonly Judgement[]): string[] {
  return judgements.filter(({ violations }) => violations > 0).map(({ id }) => id)
}

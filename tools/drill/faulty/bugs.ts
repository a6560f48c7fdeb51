import type { Engines } from '@tam/server/roles/engines.ts'
import { mutatedStrategies } from '@tam/server/log/strategy.ts'
import type { AppendStrategy } from '@tam/server/log/strategy.ts'
import {
  deliverSwapped,
  deliverTampered,
  hideGaps,
  keepLogoutsQuiet,
  loseReads,
  loseSome,
  publishEarly,
  subscribeLate,
} from './bus-faults.ts'
import type { ClientBug } from '../client/session-options.ts'
import { countThenInsert } from './counter.ts'
import {
  answerEarly,
  forgetReads,
  forgetSome,
  outcomesUnknown,
  slowCommits,
  verySlowCommits,
  zombieCommits,
} from './kv-faults.ts'
import { ignoreGaps, jumpToNow, takeFramesInParallel, tellNoLoss } from './patches.ts'
import { cacheWrites, syncWrites } from './write-cache.ts'

/** A fault planted in a real server, and what of it the drill has to see. */
export interface Bug {
  readonly name: string
  /** At least one of these is violated; none at all for what a sound server has to stand. */
  readonly violates: readonly string[]
  /** What this fault makes no promise about. */
  readonly unjudged?: readonly string[]
  /** Shows only between servers: planted in all of a fleet's. */
  readonly drill?: 'fleet'
  /** Entries per bucket that bring it out. */
  readonly bucket?: number
  readonly strategy?: AppendStrategy
  wrapEngines?(engines: Engines): Engines
  /** Replaces methods of the server's classes, before it starts. */
  patch?(): void
  /** A fault of the clients, while the server is sound. */
  readonly client?: ClientBug
}

/** @throws when there is none of that name */
export function findBug(name: string): Bug {
  const bug = BUGS.find((each) => each.name === name)
  if (bug === undefined) {
    throw new Error(`no fault "${name}": there are ${BUGS.map((each) => each.name).join(', ')}`)
  }
  return bug
}

export const BUGS: readonly Bug[] = [
  { name: 'none', violates: [] },
  { name: 'small-buckets', violates: [], bucket: 20 },
  { name: 'unknown-outcomes', violates: [], bucket: 50, wrapEngines: (engines) => outcomesUnknown(engines) },
  { name: 'slow-commits', violates: [], wrapEngines: slowCommits },
  {
    name: 'ack-before-commit',
    violates: ['I2'],
    strategy: mutatedStrategies['ack-before-commit'],
    wrapEngines: slowCommits,
  },
  { name: 'ack-after-fsync', violates: [], wrapEngines: syncWrites },
  { name: 'ack-before-fsync', violates: ['I2'], wrapEngines: cacheWrites },
  { name: 'answer-before-commit', violates: ['I2', 'I6'], wrapEngines: answerEarly },
  { name: 'forgotten-commits', violates: ['I1', 'I2', 'I6'], wrapEngines: forgetSome },
  { name: 'counter-then-insert', violates: ['I1'], wrapEngines: countThenInsert },
  { name: 'publish-before-commit', violates: ['I6', 'I7'], wrapEngines: publishEarly },
  { name: 'no-dedupe-row', violates: ['I4'], strategy: mutatedStrategies['no-dedupe-row'] },
  {
    name: 'one-bucket-look-back',
    violates: ['I4'],
    bucket: 20,
    strategy: mutatedStrategies['one-bucket-look-back'],
  },
  { name: 'base-raised', violates: ['I4'], bucket: 20, strategy: mutatedStrategies['base-raised'] },
  {
    name: 'renumber-after-unknown',
    violates: ['I1', 'I4'],
    strategy: mutatedStrategies['renumber-after-unknown'],
    wrapEngines: outcomesUnknown,
  },
  { name: 'frames-in-parallel', violates: ['I9'], patch: takeFramesInParallel },
  { name: 'retry-with-a-new-cid', violates: ['I3'], client: 'new-cid-on-retry' },
  { name: 'cursor-jumps-to-now', violates: ['I7'], patch: jumpToNow },
  // In one process the bus loses nothing: there a sound subscription needs nobody to look for gaps.
  { name: 'gaps-ignored', violates: [], patch: ignoreGaps },
  {
    name: 'fetch-before-subscribe',
    violates: ['I7', 'I11'],
    patch: ignoreGaps,
    wrapEngines: subscribeLate,
  },
  { name: 'swapped-delivery', violates: ['I6', 'I7'], wrapEngines: deliverSwapped },
  { name: 'tampered-delivery', violates: ['I6'], wrapEngines: deliverTampered },
  { name: 'fleet', violates: [], drill: 'fleet' },
  {
    name: 'lost-bus-messages',
    violates: [],
    // A logout that is lost is noticed within ten seconds, which is granted only around a fault that the drill made.
    // A read position that is lost is asked for when the bus says so, which this one does not.
    unjudged: ['I12', 'I13'],
    drill: 'fleet',
    wrapEngines: loseSome,
  },
  // A gap that this leaves is found by the next entry, or by the look at all heads: see fetch-before-subscribe.
  { name: 'late-subscriptions', violates: [], drill: 'fleet', wrapEngines: subscribeLate },
  {
    name: 'zombie-commits',
    violates: [],
    // The store stays so after the healing: nothing is at rest then.
    unjudged: ['I11', 'I12'],
    drill: 'fleet',
    wrapEngines: zombieCommits,
  },
  {
    name: 'very-slow-commits',
    violates: [],
    // As slow after the healing.
    unjudged: ['I11', 'I12'],
    drill: 'fleet',
    wrapEngines: verySlowCommits,
  },
  {
    name: 'plain-refusal',
    violates: ['I5'],
    drill: 'fleet',
    strategy: mutatedStrategies['plain-refusal'],
    wrapEngines: verySlowCommits,
  },
  { name: 'hidden-gaps', violates: ['I7', 'I11'], drill: 'fleet', wrapEngines: hideGaps },
  { name: 'quiet-logouts', violates: ['I13'], drill: 'fleet', wrapEngines: keepLogoutsQuiet },
  {
    name: 'untold-read-positions',
    violates: ['I12'],
    drill: 'fleet',
    patch: tellNoLoss,
    wrapEngines: loseReads,
  },
  { name: 'lost-read-positions', violates: ['I12'], wrapEngines: forgetReads },
]

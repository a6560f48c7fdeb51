import type { AppendRequest } from './log.ts'
import { bucketOf } from './keys.ts'

/**
 * The decisions of the append algorithm that carry its safety. Production always runs `soundStrategy`; the others
 * exist so that tests and drills can show that the checkers notice each of them.
 */
export interface AppendStrategy {
  /** Whether each entry has a dedupe row, expected absent in the same commit. */
  readonly dedupeRows: boolean
  /** When `ok` is answered. */
  readonly acknowledge: 'after-commit' | 'before-commit'
  /** What follows a commit whose outcome is not known. */
  readonly afterUnknown: 'repeat' | 'renumber'
  /** What keeps a refused resend out for good, see LogOperations.refuse. */
  readonly refusal: 'sealed-void-row' | 'void-row' | 'plain'
  /** First bucket that may hold an earlier entry of the operation; `seq` is about to be written. */
  readonly lookBackFrom: (request: AppendRequest, seq: number, bucketSize: number) => number
}

export const soundStrategy: AppendStrategy = {
  dedupeRows: true,
  acknowledge: 'after-commit',
  afterUnknown: 'repeat',
  refusal: 'sealed-void-row',
  lookBackFrom: (request, _seq, bucketSize) => bucketOf(request.base + 1, bucketSize),
}

export type Mutation =
  | 'no-dedupe-row'
  | 'one-bucket-look-back'
  | 'ack-before-commit'
  | 'renumber-after-unknown'
  | 'base-raised'
  | 'void-row-in-a-sealed-bucket'
  | 'plain-refusal'

/** Wrong on purpose: each breaks a promise of the log. */
export const mutatedStrategies: Readonly<Record<Mutation, AppendStrategy>> = {
  'no-dedupe-row': { ...soundStrategy, dedupeRows: false },
  'one-bucket-look-back': {
    ...soundStrategy,
    lookBackFrom: (request, seq, bucketSize) =>
      Math.max(bucketOf(request.base + 1, bucketSize), bucketOf(seq, bucketSize) - 1),
  },
  'ack-before-commit': { ...soundStrategy, acknowledge: 'before-commit' },
  'renumber-after-unknown': { ...soundStrategy, afterUnknown: 'renumber' },
  'base-raised': { ...soundStrategy, lookBackFrom: (_request, seq, bucketSize) => bucketOf(seq, bucketSize) },
  'void-row-in-a-sealed-bucket': { ...soundStrategy, refusal: 'void-row' },
  'plain-refusal': { ...soundStrategy, refusal: 'plain' },
}

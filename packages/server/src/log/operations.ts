import { unreachable } from '@tam/util'
import type { AppenderDependencies } from './appender.ts'
import { commitUntilKnown } from './commit-until-known.ts'
import {
  type Dedupe,
  VOID,
  bucketOf,
  bucketPartition,
  dedupeKey,
  entryKey,
  lastSeqOf,
  parseDedupe,
} from './keys.ts'
import { lookBack } from './look-back.ts'

/** One logical operation on a log, by the names its author gave it. */
export interface Operation {
  readonly author: string
  readonly cid: string
  /** Highest seq the author had applied when the operation was created; 0 when unknown. */
  readonly base: number
}

export type Refusal = Dedupe | { readonly kind: 'unknown' }

/** Asks about and refuses operations without appending. */
export class LogOperations {
  readonly #deps: AppenderDependencies

  constructor(deps: AppenderDependencies) {
    this.#deps = deps
  }

  /** Whether the operation was stored or refused so far. An attempt in flight may still change `undefined`. */
  async lookup(log: string, operation: Operation): Promise<Dedupe | undefined> {
    return this.#lookup(log, operation, await this.#deps.heads.find(log))
  }

  /**
   * Refuses a resend for good. An earlier attempt may have been stored, then it counts; else a void row in the
   * place where it could still land keeps it out. Only `refused` may be answered as a failure.
   */
  async refuse(log: string, operation: Operation): Promise<Refusal> {
    for (;;) {
      const head = await this.#deps.heads.find(log)
      const earlier = await this.#lookup(log, operation, head)
      const refusal =
        earlier ?? (await this.#commitVoid(log, operation, bucketOf(head + 1, this.#deps.bucketSize)))
      if (refusal !== 'sealed') {
        return refusal
      }
    }
  }

  /** `head` is known to exist, hence every bucket before that of head + 1 is sealed. */
  async #lookup(log: string, operation: Operation, head: number): Promise<Dedupe | undefined> {
    const { kv, bucketSize } = this.#deps
    const key = dedupeKey(operation.author, operation.cid)
    const from = bucketOf(operation.base + 1, bucketSize)
    const found = await lookBack(kv, log, [{ key, from, to: bucketOf(head + 1, bucketSize) + 1 }])
    return found.get(key)
  }

  async #commitVoid(log: string, { author, cid }: Operation, bucket: number): Promise<Refusal | 'sealed'> {
    const { kv, bucketSize, strategy } = this.#deps
    if (strategy.refusal === 'plain') {
      return { kind: 'refused' }
    }
    const partition = bucketPartition(log, bucket)
    const key = dedupeKey(author, cid)
    // A look-back reads a bucket once it is sealed: only a void row that came before the seal is seen by all of them.
    const unsealed = { key: entryKey(lastSeqOf(bucket, bucketSize)), rev: null }
    const absent = { key, rev: null }
    const outcome = await commitUntilKnown(this.#deps, partition, {
      expect: strategy.refusal === 'sealed-void-row' ? [absent, unsealed] : [absent],
      put: [{ key, value: VOID }],
    })
    switch (outcome.kind) {
      case 'committed':
        return { kind: 'refused' }
      case 'conflict': {
        const row = await kv.get(partition, key)
        return row === undefined ? 'sealed' : parseDedupe(row.value)
      }
      case 'full':
      case 'unknown':
        return { kind: 'unknown' }
      default:
        return unreachable(outcome)
    }
  }
}

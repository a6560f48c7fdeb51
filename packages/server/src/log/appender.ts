import { assert, unreachable } from '@tam/util'
import { UnknownOutcome } from '../ports/kv/kv.ts'
import { type Batch, batchLength, makeBatch } from './batch.ts'
import { type CommitDependencies, commitUntilKnown } from './commit-until-known.ts'
import type { HeadFinder } from './head-finder.ts'
import {
  type Dedupe,
  SEQ_MAX,
  bucketOf,
  bucketPartition,
  dedupeKey,
  entryKey,
  lastSeqOf,
  parseDedupe,
} from './keys.ts'
import type { AppendRequest, AppendResult, CommittedListener } from './log.ts'
import { lookBack } from './look-back.ts'
import { type Pending, pendingAppend } from './pending.ts'
import type { RecentOperations } from './recent-operations.ts'
import type { AppendStrategy } from './strategy.ts'

/** Appends that may wait in one log; one more is answered `unknown`, and the client asks again. */
export const QUEUE_ENTRIES_MAX = 4_096
/** Bytes of bodies that may wait in one log; same failure. */
export const QUEUE_BYTES_MAX = 16 * 1024 * 1024

export interface AppenderDependencies extends CommitDependencies {
  readonly heads: HeadFinder
  readonly recent: RecentOperations
  readonly onCommitted: CommittedListener
  readonly bucketSize: number
  readonly strategy: AppendStrategy
}

/**
 * The queue of one log in one process: what arrives during a commit forms the next batch. Lives while it has work.
 * Several processes may append to the same log; the commit stays the arbiter. The algorithm: docs/log.md.
 */
export class Appender {
  readonly #log: string
  readonly #deps: AppenderDependencies
  #queue: Pending[] = []
  #queuedBytes = 0

  constructor(log: string, deps: AppenderDependencies) {
    this.#log = log
    this.#deps = deps
  }

  /** Queues an append; its result arrives after `run` has come to it. */
  append(request: AppendRequest): Promise<AppendResult> {
    if (this.#queue.length >= QUEUE_ENTRIES_MAX || this.#queuedBytes >= QUEUE_BYTES_MAX) {
      return Promise.resolve({ ok: false, code: 'unknown' })
    }
    return new Promise((resolve, reject) => {
      const pending = pendingAppend(request, resolve, reject)
      this.#queue.push(pending)
      this.#queuedBytes += pending.bytes
    })
  }

  /**
   * Works until the queue is empty, then calls `onIdle` before anything can be queued again. Never rejects: what
   * cannot be answered rejects the appends themselves.
   */
  async run(onIdle: () => void): Promise<void> {
    while (this.#queue.length > 0) {
      try {
        await this.#round()
      } catch (error) {
        this.#abandon(error)
      }
    }
    onIdle()
  }

  /** Commits the first of the queue, or learns why not yet: then the next round starts better informed. */
  async #round(): Promise<void> {
    const seq = (this.#deps.heads.hint(this.#log) ?? (await this.#deps.heads.find(this.#log))) + 1
    const room = lastSeqOf(bucketOf(seq, this.#deps.bucketSize), this.#deps.bucketSize) - seq + 1
    const first = this.#queue.slice(0, batchLength(this.#queue, room))
    const appends = await this.#screen(first, seq)
    if (appends.length > 0) {
      await this.#commit(makeBatch(appends, seq, this.#deps.strategy.dedupeRows))
    }
    const waiting = first.filter((pending) => !pending.settled)
    this.#queue.splice(0, first.length, ...waiting)
  }

  /** Answers those of `first` that need no commit, returns those to commit at `seq` and after. */
  async #screen(first: readonly Pending[], seq: number): Promise<Pending[]> {
    const accepted: Pending[] = []
    const keys = new Set<string>()
    for (const pending of first) {
      if (pending.request.base >= seq && (await this.#passesHead(pending))) {
        return []
      }
      if (pending.settled || keys.has(pending.key) || (await this.#answeredBefore(pending, seq))) {
        continue
      }
      if (await this.#followsLost(pending, keys, seq)) {
        this.#refuse(pending, 'aborted_after')
        continue
      }
      keys.add(pending.key)
      accepted.push(pending)
    }
    return accepted
  }

  /** `base` lies past the hint: either the log has moved on, or the position does not exist. */
  async #passesHead(pending: Pending): Promise<boolean> {
    const { heads } = this.#deps
    const { base } = pending.request
    if (base <= SEQ_MAX && (await heads.exists(this.#log, base))) {
      heads.raise(this.#log, base)
      return true
    }
    this.#refuse(pending, 'bad_position')
    return false
  }

  /** Look-back: an earlier attempt may lie in any bucket since `base`. */
  async #answeredBefore(pending: Pending, seq: number): Promise<boolean> {
    const { recent, strategy, bucketSize, kv } = this.#deps
    const known = recent.get(this.#log, pending.key)
    if (known !== undefined && known !== 'failed') {
      this.#answer(pending, known)
      return true
    }
    const from = pending.lookedBackTo ?? strategy.lookBackFrom(pending.request, seq, bucketSize)
    const to = bucketOf(seq, bucketSize)
    if (from < to) {
      const found = await lookBack(kv, this.#log, pending.key, { from, to })
      pending.lookedBackTo = to
      if (found !== undefined) {
        this.#answer(pending, found)
        return true
      }
    }
    return false
  }

  /** Whether the append that this one was pipelined after is not stored. */
  async #followsLost(pending: Pending, batched: ReadonlySet<string>, seq: number): Promise<boolean> {
    const { author, prev, base } = pending.request
    if (prev === undefined) {
      return false
    }
    const key = dedupeKey(author, prev)
    if (batched.has(key)) {
      return false
    }
    const { recent, kv, bucketSize } = this.#deps
    const range = { from: bucketOf(base + 1, bucketSize), to: bucketOf(seq, bucketSize) + 1 }
    const outcome = recent.get(this.#log, key) ?? (await lookBack(kv, this.#log, key, range))
    return outcome === undefined || outcome === 'failed' || outcome.kind === 'refused'
  }

  async #commit(batch: Batch): Promise<void> {
    const { strategy, heads, bucketSize } = this.#deps
    const { firstSeq, appends, change } = batch
    if (strategy.acknowledge === 'before-commit') {
      appends.forEach(({ resolve }, index) => resolve({ ok: true, seq: firstSeq + index, duplicate: false }))
    }
    const partition = bucketPartition(this.#log, bucketOf(firstSeq, bucketSize))
    const outcome = await commitUntilKnown(this.#deps, partition, change)
    switch (outcome.kind) {
      case 'committed':
        return this.#settle(batch)
      case 'conflict':
        return this.#afterConflict(batch, partition, outcome)
      case 'full':
        return appends.forEach((pending) => this.#refuseForSpace(pending))
      case 'unknown':
        if (strategy.afterUnknown === 'renumber') {
          return heads.raise(this.#log, firstSeq)
        }
        throw new UnknownOutcome('the deadline for a certain outcome has passed')
      default:
        return unreachable(outcome)
    }
  }

  /** Answers what is stored in this bucket already, and moves past the entries of others. */
  async #afterConflict(
    batch: Batch,
    partition: string,
    { conflicts, repeated }: { conflicts: readonly string[]; repeated: boolean },
  ): Promise<void> {
    const { kv, heads } = this.#deps
    const rows = await kv.getMany(batch.appends.map(({ key }) => ({ partition, key })))
    const found = rows.map((row) => (row === undefined ? undefined : parseDedupe(row.value)))
    if (repeated && isOwnCommit(batch, found)) {
      return this.#settle(batch)
    }
    batch.appends.forEach((pending, index) => {
      const stored = found[index]
      if (stored !== undefined) {
        this.#answer(pending, stored)
      }
    })
    if (conflicts.includes(entryKey(batch.firstSeq))) {
      heads.raise(this.#log, await heads.newestInBucket(this.#log, batch.firstSeq))
    } else {
      assert(
        batch.appends.some(({ settled }) => settled),
        'a conflict has a cause',
      )
    }
  }

  /** The whole batch is durable: publish, then acknowledge. */
  #settle({ firstSeq, appends, entries }: Batch): void {
    const { heads, recent, onCommitted } = this.#deps
    heads.raise(this.#log, firstSeq + appends.length - 1)
    onCommitted(this.#log, firstSeq, entries)
    let seq = firstSeq
    for (const pending of appends) {
      recent.stored(this.#log, pending.key, seq, pending.request.sha)
      this.#resolve(pending, { ok: true, seq, duplicate: false })
      seq++
    }
  }

  /** Answers from an earlier attempt of the same operation. */
  #answer(pending: Pending, earlier: Dedupe): void {
    if (earlier.kind === 'refused' || earlier.sha !== pending.request.sha) {
      this.#refuse(pending, 'cid_conflict')
      return
    }
    this.#deps.recent.stored(this.#log, pending.key, earlier.seq, earlier.sha)
    this.#resolve(pending, { ok: true, seq: earlier.seq, duplicate: true })
  }

  /** A resend may still land by an earlier attempt, so that its lack of space is no final answer. */
  #refuseForSpace(pending: Pending): void {
    if (pending.request.resend === true) {
      this.#resolve(pending, { ok: false, code: 'unknown' })
    } else {
      this.#refuse(pending, 'storage_full')
    }
  }

  #refuse(pending: Pending, code: 'cid_conflict' | 'bad_position' | 'storage_full' | 'aborted_after'): void {
    this.#deps.recent.failed(this.#log, pending.key)
    this.#resolve(pending, { ok: false, code })
  }

  #resolve(pending: Pending, result: AppendResult): void {
    pending.settled = true
    this.#queuedBytes -= pending.bytes
    pending.resolve(result)
  }

  /** Ends everything that waits: as unknown when kv could not say, by the error itself when it is a bug. */
  #abandon(error: unknown): void {
    const abandoned = this.#queue
    this.#queue = []
    for (const pending of abandoned) {
      if (pending.settled) {
        continue
      }
      if (error instanceof UnknownOutcome) {
        this.#resolve(pending, { ok: false, code: 'unknown' })
      } else {
        pending.settled = true
        this.#queuedBytes -= pending.bytes
        pending.reject(error)
      }
    }
  }
}

/** Whether an earlier attempt of this very commit has applied. */
function isOwnCommit({ firstSeq, appends }: Batch, found: readonly (Dedupe | undefined)[]): boolean {
  return appends.every(({ request }, index) => {
    const stored = found[index]
    return stored?.kind === 'stored' && stored.seq === firstSeq + index && stored.sha === request.sha
  })
}

import { unreachable } from '@tam/util'
import { UnknownOutcome } from '../ports/kv/kv.ts'
import { Answers } from './answers.ts'
import { type Batch, batchLength, makeBatch } from './batch.ts'
import { type CommitDependencies, type Conflict, commitUntilKnown } from './commit-until-known.ts'
import type { HeadFinder } from './head-finder.ts'
import { type Dedupe, bucketOf, bucketPartition, lastSeqOf, parseDedupe } from './keys.ts'
import type { AppendRequest, AppendResult, CommittedListener } from './log.ts'
import { type Pending, pendingAppend } from './pending.ts'
import type { RecentOperations } from './recent-operations.ts'
import { Screening } from './screening.ts'
import type { AppendStrategy } from './strategy.ts'
import { Turns } from './turns.ts'

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
  /** Whether other processes append to the same logs. */
  readonly isShared: boolean
}

/**
 * The queue of one log in one process: what arrives during a commit forms the next batch. Lives while it has work.
 * Several processes may append to the same log; the commit stays the arbiter. The algorithm: docs/log.md.
 */
export class Appender {
  readonly #log: string
  readonly #deps: AppenderDependencies
  readonly #answers: Answers
  readonly #screening: Screening
  readonly #turns: Turns
  #queue: Pending[] = []
  #queuedBytes = 0

  constructor(log: string, deps: AppenderDependencies) {
    this.#log = log
    this.#deps = deps
    this.#answers = new Answers(log, deps.recent)
    this.#screening = new Screening(log, deps, this.#answers)
    this.#turns = new Turns(deps)
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
   * Works until the queue is empty, then calls `onIdle` before anything more can be queued. Never rejects: what
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
    const { heads, bucketSize, strategy } = this.#deps
    if (this.#turns.isOver) {
      await this.#turns.pause()
      await heads.refresh(this.#log)
    }
    const seq = (heads.hint(this.#log) ?? (await heads.find(this.#log))) + 1
    const room = lastSeqOf(bucketOf(seq, bucketSize), bucketSize) - seq + 1
    const first = this.#queue.slice(0, batchLength(this.#queue, room))
    const appends = await this.#screening.screen(first, seq)
    if (appends.length > 0) {
      await this.#commit(makeBatch(appends, seq, strategy.dedupeRows))
    }
    this.#dequeueSettled(first.length)
  }

  async #commit(batch: Batch): Promise<void> {
    const { strategy, heads, bucketSize, clock } = this.#deps
    const { firstSeq, appends, change } = batch
    if (strategy.acknowledge === 'before-commit') {
      appends.forEach(({ resolve }, index) => resolve({ ok: true, seq: firstSeq + index, duplicate: false }))
    }
    const partition = bucketPartition(this.#log, bucketOf(firstSeq, bucketSize))
    const began = clock.monotonic()
    const outcome = await commitUntilKnown(this.#deps, partition, change)
    switch (outcome.kind) {
      case 'committed':
        this.#turns.won(clock.monotonic() - began)
        return this.#settle(batch)
      case 'conflict':
        this.#turns.lost()
        return this.#afterConflict(batch, partition, outcome)
      case 'full':
        return appends.forEach((pending) => this.#answers.noSpace(pending))
      case 'unknown':
        if (strategy.afterUnknown === 'renumber') {
          return heads.raise(this.#log, firstSeq)
        }
        throw new UnknownOutcome('the deadline for a certain outcome has passed')
      default:
        return unreachable(outcome)
    }
  }

  /** Answers what is stored in this bucket already, and moves past the entries that are there. */
  async #afterConflict(batch: Batch, partition: string, { conflicts, repeated }: Conflict): Promise<void> {
    const { kv, heads } = this.#deps
    // A dedupe row that is no conflict was absent when the commit looked: nothing more has to be read of it.
    const inTheWay = new Set(conflicts)
    const stored = batch.appends.filter(({ key }) => inTheWay.has(key))
    const [rows, newest] = await Promise.all([
      kv.getMany(stored.map(({ key }) => ({ partition, key }))),
      heads.newestInBucket(this.#log, batch.firstSeq),
    ])
    const found = rows.map((row) => (row === undefined ? undefined : parseDedupe(row.value)))
    if (repeated && isOwnCommit(batch, stored, found)) {
      return this.#settle(batch)
    }
    stored.forEach((pending, index) => {
      const earlier = found[index]
      if (earlier !== undefined) {
        this.#answers.earlier(pending, earlier)
      }
    })
    if (newest >= batch.firstSeq || (await heads.exists(this.#log, batch.firstSeq))) {
      heads.raise(this.#log, Math.max(newest, batch.firstSeq))
    }
  }

  /** The whole batch is durable: publish, then acknowledge. */
  #settle({ firstSeq, appends, entries }: Batch): void {
    const { heads, onCommitted } = this.#deps
    heads.raise(this.#log, firstSeq + appends.length - 1)
    onCommitted(this.#log, firstSeq, entries)
    let seq = firstSeq
    for (const pending of appends) {
      this.#answers.stored(pending, seq, false)
      seq++
    }
  }

  #dequeueSettled(length: number): void {
    const waiting: Pending[] = []
    for (let index = 0; index < length; index++) {
      const pending = this.#queue[index] as Pending
      if (pending.settled) {
        this.#queuedBytes -= pending.bytes
      } else {
        waiting.push(pending)
      }
    }
    this.#queue.splice(0, length, ...waiting)
  }

  /** Ends everything that waits: as unknown when kv could not say, by the error itself when it is a bug. */
  #abandon(error: unknown): void {
    for (const pending of this.#queue) {
      if (pending.settled) {
        continue
      }
      if (error instanceof UnknownOutcome) {
        this.#answers.unknown(pending)
      } else {
        this.#answers.broken(pending, error)
      }
    }
    this.#queue = []
    this.#queuedBytes = 0
  }
}

/** Whether an earlier attempt of this very commit has applied; `found` is what the rows of `stored` say. */
function isOwnCommit(
  { firstSeq, appends }: Batch,
  stored: readonly Pending[],
  found: readonly (Dedupe | undefined)[],
): boolean {
  return (
    stored.length === appends.length &&
    stored.every(({ request }, index) => {
      const earlier = found[index]
      return earlier?.kind === 'stored' && earlier.seq === firstSeq + index && earlier.sha === request.sha
    })
  )
}

import { type Clock, type Random, randomId } from '@tam/util'
import { Slots } from './kv.cassandra.slots.ts'
import type { Revised } from './kv.cassandra.statements.ts'
import type { Applied } from './kv.cassandra.writer.ts'
import { type Change, type CommitResult, UnknownOutcome } from './kv.ts'

/** Commits that may wait; one more fails as `UnknownOutcome`, which is worth asking again. */
export const WAITING_COMMITS_MAX = 16_384
/** Milliseconds that a commit may wait for its turn; then it fails without having been sent. */
export const WAIT_MS_MAX = 5_000
/** Batches in flight from one process. */
const BATCHES_MAX = 512
/** Of several commits in one batch together. */
const MERGED_ROWS_MAX = 64
const MERGED_CHARACTERS_MAX = 48 * 1024
/** Characters of a rev: 96 random bits. */
const REV_LENGTH = 16

interface Waiting extends Revised {
  readonly sinceMs: number
  readonly rows: number
  readonly characters: number
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: unknown) => void
}

export interface CommitQueueOptions {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly random: Random
  /** Applies one commit, or several that expect nothing. */
  readonly apply: (partition: string, commits: readonly Revised[]) => Promise<Applied>
}

/**
 * One batch at a time and partition, in the order of the calls: conditional writes to one partition in flight together
 * only get into each other's way. Commits without expectations that wait one behind the other become one batch.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions
  readonly #partitions = new Map<string, Waiting[]>()
  readonly #slots = new Slots(BATCHES_MAX, WAITING_COMMITS_MAX)
  #unsettled = 0
  #ended: PromiseWithResolvers<void> | undefined

  constructor(options: CommitQueueOptions) {
    this.#options = options
  }

  commit(partition: string, change: Change): Promise<CommitResult> {
    if (this.#ended !== undefined || this.#unsettled >= WAITING_COMMITS_MAX) {
      const reason = this.#ended === undefined ? 'too many commits wait' : 'the store is closed'
      return Promise.reject(new UnknownOutcome(reason))
    }
    const { clock, random } = this.#options
    this.#unsettled++
    return new Promise<CommitResult>((resolve, reject) => {
      const rev = randomId(random, REV_LENGTH)
      this.#push(partition, { change, rev, sinceMs: clock.monotonic(), ...sizeOf(change), resolve, reject })
    }).finally(() => this.#settled())
  }

  /** Refuses new commits and resolves when the accepted ones have their answers. */
  async end(): Promise<void> {
    this.#ended ??= Promise.withResolvers()
    if (this.#unsettled > 0) {
      await this.#ended.promise
    }
  }

  #push(partition: string, waiting: Waiting): void {
    const queue = this.#partitions.get(partition)
    if (queue !== undefined) {
      queue.push(waiting)
      return
    }
    const started = [waiting]
    this.#partitions.set(partition, started)
    // After this turn of the event loop's microtasks: its commits leave together.
    queueMicrotask(() => void this.#drain(partition, started))
  }

  async #drain(partition: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      await this.#slots.run(() => this.#applyNext(partition, queue))
    }
    this.#partitions.delete(partition)
  }

  async #applyNext(partition: string, queue: Waiting[]): Promise<void> {
    const commits = queue.splice(0, mergedLength(queue))
    const { clock, apply } = this.#options
    if (clock.monotonic() - (commits[0]?.sinceMs ?? 0) > WAIT_MS_MAX) {
      commits.forEach(({ reject }) => reject(new UnknownOutcome('waited too long; nothing was sent')))
      return
    }
    try {
      const applied = await apply(partition, commits)
      for (const { rev, resolve } of commits) {
        resolve(
          applied.applied ? { committed: true, rev } : { committed: false, conflicts: applied.conflicts },
        )
      }
    } catch (error) {
      commits.forEach(({ reject }) => reject(error))
    }
  }

  #settled(): void {
    this.#unsettled--
    if (this.#unsettled === 0) {
      this.#ended?.resolve()
    }
  }
}

/** How many of the first of `queue` go into one batch. */
function mergedLength(queue: readonly Waiting[]): number {
  let [rows, characters, length] = [0, 0, 0]
  for (const waiting of queue) {
    rows += waiting.rows
    characters += waiting.characters
    if (length > 0 && (!isBlind(waiting) || rows > MERGED_ROWS_MAX || characters > MERGED_CHARACTERS_MAX)) {
      return length
    }
    length++
    if (!isBlind(waiting)) {
      return length
    }
  }
  return length
}

function isBlind({ change }: Waiting): boolean {
  return (change.expect ?? []).length === 0
}

function sizeOf({ put = [], delete: deleted = [] }: Change): { rows: number; characters: number } {
  const characters = put.reduce((sum, { value }) => sum + value.length, 0)
  return { rows: put.length + deleted.length, characters }
}

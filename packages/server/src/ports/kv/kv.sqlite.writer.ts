import { type Clock, unreachable } from '@tam/util'
import { type PartitionChange, encodeCommits } from './change-codec.ts'
import { Checkpoints } from './kv.sqlite.checkpoints.ts'
import type { BatchConflict, FromWriter, SqliteFaults, ToWriter } from './kv.sqlite.messages.ts'
import { Thread, type ThreadFatal } from './kv.sqlite.thread.ts'
import { type Change, type CommitResult, StorageFull, UnknownOutcome } from './kv.ts'

/** Commits that may wait for the writer; one more fails as `UnknownOutcome`, which is worth asking again. */
export const WAITING_COMMITS_MAX = 16_384
/** Commits in one transaction. */
const BATCH_COMMITS_MAX = 1_024
/** From here on, what waits is worth two transactions; fewer commits share one. */
const BATCH_COMMITS_SPLIT = 64
/** Characters of values in one transaction; a larger commit still goes alone. */
const BATCH_CHARACTERS_MAX = 4 * 1024 * 1024
/** Batches at the writer: the next lies ready when one is done. */
const BATCHES_IN_FLIGHT = 3

interface Waiting extends PartitionChange {
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: Error) => void
}

export interface WriterOptions {
  readonly path: string
  readonly clock: Pick<Clock, 'now'>
  readonly faults: SqliteFaults
  /** Before the outcome of any commit is told. */
  readonly onOutcome: () => void
  readonly onFatal: (code: string, message: string) => void
  /** The disk has become full, or takes commits again. */
  readonly onFull: (isFull: boolean) => void
}

/** Group commit: all that waits goes to the writer's thread as one message, one transaction, one fsync. */
export class SqliteWriter {
  readonly #options: WriterOptions
  readonly #thread: Thread<ToWriter, FromWriter>
  readonly #checkpoints: Checkpoints
  readonly #closed = Promise.withResolvers<void>()
  #waiting: Waiting[] = []
  /** Batches at the writer, oldest first: it answers in order. */
  #inFlight: (readonly Waiting[])[] = []
  #scheduled = false
  #ended: string | undefined
  #isFull = false

  constructor(options: WriterOptions) {
    const { path, faults } = options
    this.#options = options
    this.#checkpoints = new Checkpoints({
      path,
      wal: faults.wal,
      inFlight: () => this.#inFlight.length,
      onReleased: () => this.#schedule(),
      onFatal: (code, message) => this.#fail(code, message),
    })
    const worker = new URL('./kv.sqlite.worker.ts', import.meta.url)
    this.#thread = new Thread(worker, (answer) => this.#onAnswer(answer))
    this.#thread.post({ kind: 'open', path, faults })
  }

  commit(partition: string, change: Change): Promise<CommitResult> {
    if (this.#ended !== undefined || this.#waiting.length >= WAITING_COMMITS_MAX) {
      return Promise.reject(new UnknownOutcome(this.#ended ?? 'too many commits wait'))
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ partition, change, resolve, reject })
      this.#schedule()
    })
  }

  /** Removes rows that have expired, some time later. */
  sweep(): void {
    if (this.#ended === undefined) {
      this.#thread.post({ kind: 'sweep', now: this.#options.clock.now() })
    }
  }

  /** Finishes what was accepted. */
  async close(): Promise<void> {
    this.#ended ??= 'the store is closed'
    while (this.#waiting.length > 0) {
      this.#postBatch()
    }
    await this.#checkpoints.close()
    // Last, so that its closing checkpoints everything and removes the WAL.
    this.#thread.post({ kind: 'close' })
    await this.#closed.promise
    this.#thread.terminate()
  }

  /** Waits for the end of the turn of the event loop: its commits leave together. */
  #schedule(): void {
    if (this.#scheduled || !this.#maySend()) {
      return
    }
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      while (this.#maySend()) {
        this.#postBatch()
      }
    })
  }

  #maySend(): boolean {
    return this.#waiting.length > 0 && this.#inFlight.length < BATCHES_IN_FLIGHT && !this.#checkpoints.held
  }

  #postBatch(): void {
    const batch = this.#waiting.splice(0, batchLength(this.#waiting))
    this.#inFlight.push(batch)
    const { text, layout } = encodeCommits(batch)
    this.#thread.post({ kind: 'commit', now: this.#options.clock.now(), text, layout })
  }

  #onAnswer(answer: FromWriter | ThreadFatal): void {
    this.#options.onOutcome()
    switch (answer.kind) {
      case 'committed':
        this.#full(false)
        settle(this.#inFlight.shift() ?? [], answer.firstRev, answer.conflicts)
        this.#checkpoints.afterBatch(answer.pages)
        return this.#schedule()
      case 'refused':
        this.#full(answer.reason === 'full' || this.#isFull)
        refuse(this.#inFlight.shift() ?? [], answer.reason)
        this.#checkpoints.afterBatch(0)
        return this.#schedule()
      case 'fatal':
        this.#closed.resolve()
        return this.#fail(answer.code, answer.message)
      case 'closed':
        return this.#closed.resolve()
      default:
        return unreachable(answer)
    }
  }

  #full(isFull: boolean): void {
    if (this.#isFull !== isFull) {
      this.#isFull = isFull
      this.#options.onFull(isFull)
    }
  }

  /** What was posted may or may not be durable; nothing is acknowledged from here on. */
  #fail(code: string, message: string): void {
    if (this.#ended?.startsWith('failed') === true) {
      return
    }
    this.#ended = `failed: ${message}`
    const lost = [...this.#inFlight.flat(), ...this.#waiting]
    this.#inFlight = []
    this.#waiting = []
    lost.forEach(({ reject }) => reject(new UnknownOutcome(message)))
    this.#options.onFatal(code, message)
  }
}

/**
 * Half of what waits, when that is many: were everything one batch, people whose messages were acknowledged together
 * would write the next together too, and the sockets would rest while the disk works, and the disk while they do.
 */
function batchLength(waiting: readonly Waiting[]): number {
  const half = Math.max(Math.ceil(waiting.length / 2), BATCH_COMMITS_SPLIT)
  const most = Math.min(waiting.length, half, BATCH_COMMITS_MAX)
  let characters = 0
  let length = 0
  for (; length < most; length++) {
    for (const { value } of waiting[length]?.change.put ?? []) {
      characters += value.length
    }
    if (characters > BATCH_CHARACTERS_MAX && length > 0) {
      return length
    }
  }
  return length
}

function settle(batch: readonly Waiting[], firstRev: number, conflicts: readonly BatchConflict[]): void {
  let conflict = 0
  for (let index = 0; index < batch.length; index++) {
    const waiting = batch[index] as Waiting
    const failed = conflicts[conflict]
    if (failed?.index === index) {
      conflict++
      waiting.resolve({ committed: false, conflicts: failed.keys })
    } else {
      waiting.resolve({ committed: true, rev: String(firstRev + index) })
    }
  }
}

function refuse(batch: readonly Waiting[], reason: 'full' | 'busy'): void {
  const error =
    reason === 'full'
      ? new StorageFull('no space left for the database')
      : new UnknownOutcome('another program keeps the database locked')
  batch.forEach(({ reject }) => reject(error))
}

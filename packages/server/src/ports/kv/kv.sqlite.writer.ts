import { type Clock, unreachable } from '@tam/util'
import { type PartitionChange, encodeCommits } from './change-codec.ts'
import { CheckpointPolicy, type CheckpointStep } from './checkpoint-policy.ts'
import type {
  BatchConflict,
  FromCheckpointer,
  FromWriter,
  SqliteFaults,
  ToCheckpointer,
  ToWriter,
} from './kv.sqlite.messages.ts'
import { Thread, type ThreadFatal } from './kv.sqlite.thread.ts'
import { type Change, type CommitResult, StorageFull, UnknownOutcome } from './kv.ts'

/** Commits that may wait for the writer; one more fails as `UnknownOutcome`, which is worth asking again. */
export const WAITING_COMMITS_MAX = 16_384
/** Commits in one transaction. */
const BATCH_COMMITS_MAX = 1_024
/** Batches at the writer: the second lies ready when the first is done. */
const BATCHES_IN_FLIGHT = 2

interface Waiting extends PartitionChange {
  readonly resolve: (result: CommitResult) => void
  readonly reject: (error: Error) => void
}

export interface WriterOptions {
  readonly path: string
  readonly clock: Pick<Clock, 'now'>
  readonly faults: SqliteFaults
  readonly onFatal: (code: string, message: string) => void
}

/** Group commit: all that waits goes to the writer's thread as one message, one transaction, one fsync. */
export class SqliteWriter {
  readonly #options: WriterOptions
  readonly #writer: Thread<ToWriter, FromWriter>
  readonly #checkpointer: Thread<ToCheckpointer, FromCheckpointer>
  readonly #policy: CheckpointPolicy
  readonly #writerClosed = Promise.withResolvers<void>()
  readonly #checkpointerClosed = Promise.withResolvers<void>()
  #waiting: Waiting[] = []
  /** Batches at the writer, oldest first: it answers in order. */
  #inFlight: (readonly Waiting[])[] = []
  #scheduled = false
  /** Set while commits wait for a checkpoint. */
  #held = false
  #lastPassDue = false
  #ended: string | undefined

  constructor(options: WriterOptions) {
    this.#options = options
    this.#policy = new CheckpointPolicy(options.faults.wal)
    this.#writer = new Thread(new URL('./kv.sqlite.worker.ts', import.meta.url), (answer) =>
      this.#fromWriter(answer),
    )
    this.#checkpointer = new Thread(new URL('./kv.sqlite.checkpointer.ts', import.meta.url), (answer) =>
      this.#fromCheckpointer(answer),
    )
    this.#writer.post({ kind: 'open', path: options.path, faults: options.faults })
    this.#checkpointer.post({ kind: 'open', path: options.path })
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
      this.#writer.post({ kind: 'sweep', now: this.#options.clock.now() })
    }
  }

  /** Finishes what was accepted. */
  async close(): Promise<void> {
    this.#ended ??= 'the store is closed'
    while (this.#waiting.length > 0) {
      this.#postBatch()
    }
    this.#checkpointer.post({ kind: 'close' })
    await this.#checkpointerClosed.promise
    // Last, so that its closing checkpoints everything and removes the WAL.
    this.#writer.post({ kind: 'close' })
    await this.#writerClosed.promise
    this.#writer.terminate()
    this.#checkpointer.terminate()
  }

  /** Waits for the end of the turn of the event loop: its commits leave together. */
  #schedule(): void {
    if (this.#scheduled || this.#held || this.#inFlight.length >= BATCHES_IN_FLIGHT) {
      return
    }
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (this.#waiting.length > 0) {
        this.#postBatch()
      }
    })
  }

  #postBatch(): void {
    const batch = this.#waiting.splice(0, BATCH_COMMITS_MAX)
    this.#inFlight.push(batch)
    const { text, layout } = encodeCommits(batch)
    this.#writer.post({ kind: 'commit', now: this.#options.clock.now(), text, layout })
  }

  #fromWriter(message: FromWriter | ThreadFatal): void {
    switch (message.kind) {
      case 'committed':
        settle(this.#inFlight.shift() ?? [], message.firstRev, message.conflicts)
        return this.#afterBatch(this.#policy.committed(message.walFrames))
      case 'refused':
        refuse(this.#inFlight.shift() ?? [], message.reason)
        return this.#afterBatch('none')
      case 'fatal':
        return this.#fail(message.code, message.message)
      case 'closed':
        return this.#writerClosed.resolve()
      default:
        return unreachable(message)
    }
  }

  #fromCheckpointer(message: FromCheckpointer | ThreadFatal): void {
    switch (message.kind) {
      case 'checkpointed':
        return this.#afterCheckpoint(this.#policy.checkpointed(message.frames, message.done))
      case 'fatal':
        return this.#fail(message.code, message.message)
      case 'closed':
        return this.#checkpointerClosed.resolve()
      default:
        return unreachable(message)
    }
  }

  #afterBatch(step: CheckpointStep): void {
    this.#held ||= step === 'hold'
    if (step === 'pass' || (this.#lastPassDue && this.#inFlight.length === 0)) {
      this.#startPass()
    }
    this.#schedule()
  }

  #afterCheckpoint(step: CheckpointStep): void {
    this.#lastPassDue = step === 'last-pass'
    this.#held = this.#lastPassDue
    if (step === 'pass' || (this.#lastPassDue && this.#inFlight.length === 0)) {
      this.#startPass()
    }
    this.#schedule()
  }

  #startPass(): void {
    this.#lastPassDue = false
    if (this.#ended === undefined) {
      this.#checkpointer.post({ kind: 'checkpoint' })
    }
  }

  /** What was posted may or may not be durable; nothing is acknowledged from here on. */
  #fail(code: string, message: string): void {
    if (this.#ended?.startsWith('failed') !== true) {
      this.#ended = `failed: ${message}`
      const lost = [...this.#inFlight.flat(), ...this.#waiting]
      this.#inFlight = []
      this.#waiting = []
      lost.forEach(({ reject }) => reject(new UnknownOutcome(message)))
      this.#writerClosed.resolve()
      this.#checkpointerClosed.resolve()
      this.#options.onFatal(code, message)
    }
  }
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

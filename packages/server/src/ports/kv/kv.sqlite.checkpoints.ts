import { unreachable } from '@tam/util'
import { CheckpointPolicy, type CheckpointStep } from './checkpoint-policy.ts'
import type { FromCheckpointer, SqliteFaults, ToCheckpointer } from './kv.sqlite.messages.ts'
import { Thread, type ThreadFatal } from './kv.sqlite.thread.ts'

export interface CheckpointsOptions {
  readonly path: string
  readonly wal: SqliteFaults['wal']
  /** Batches at the writer. */
  readonly inFlight: () => number
  /** Commits may go on. */
  readonly onReleased: () => void
  readonly onFatal: (code: string, message: string) => void
}

/** Runs the checkpointer beside the writer, and says when commits have to wait for it. */
export class Checkpoints {
  readonly #options: CheckpointsOptions
  readonly #policy: CheckpointPolicy
  readonly #thread: Thread<ToCheckpointer, FromCheckpointer>
  readonly #closed = Promise.withResolvers<void>()
  #held = false
  #lastPassDue = false
  #closing = false

  constructor(options: CheckpointsOptions) {
    this.#options = options
    this.#policy = new CheckpointPolicy(options.wal)
    this.#thread = new Thread(new URL('./kv.sqlite.checkpointer.ts', import.meta.url), (answer) =>
      this.#onAnswer(answer),
    )
    this.#thread.post({ kind: 'open', path: options.path })
  }

  /** While true no batch may be sent to the writer. */
  get held(): boolean {
    return this.#held
  }

  /** `pages`: about how many the batch added to the WAL. */
  afterBatch(pages: number): void {
    const step = this.#policy.committed(pages)
    this.#held ||= step === 'hold'
    this.#continue(step)
  }

  /** Ends the thread after the pass that may be running. */
  async close(): Promise<void> {
    this.#closing = true
    this.#thread.post({ kind: 'close' })
    await this.#closed.promise
    this.#thread.terminate()
  }

  #onAnswer(answer: FromCheckpointer | ThreadFatal): void {
    switch (answer.kind) {
      case 'checkpointed': {
        const step = this.#policy.checkpointed(answer.frames, answer.done)
        this.#lastPassDue = step === 'last-pass'
        this.#held = this.#lastPassDue
        this.#continue(step)
        return this.#options.onReleased()
      }
      case 'fatal':
        this.#closed.resolve()
        return this.#options.onFatal(answer.code, answer.message)
      case 'closed':
        return this.#closed.resolve()
      default:
        return unreachable(answer)
    }
  }

  #continue(step: CheckpointStep): void {
    const lastPass = this.#lastPassDue && this.#options.inFlight() === 0
    if ((step === 'pass' || lastPass) && !this.#closing) {
      this.#lastPassDue = false
      this.#thread.post({ kind: 'checkpoint' })
    }
  }
}

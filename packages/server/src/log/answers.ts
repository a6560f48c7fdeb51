import type { Dedupe } from './keys.ts'
import type { AppendResult } from './log.ts'
import type { Pending } from './pending.ts'
import type { RecentOperations } from './recent-operations.ts'

export type RefusalCode = 'cid_conflict' | 'bad_position' | 'storage_full' | 'aborted_after'

/** The only place where an append gets its result; what is certain is remembered. */
export class Answers {
  readonly #log: string
  readonly #recent: RecentOperations

  constructor(log: string, recent: RecentOperations) {
    this.#log = log
    this.#recent = recent
  }

  stored(pending: Pending, seq: number, duplicate: boolean): void {
    this.#recent.stored(this.#log, pending.key, seq, pending.request.sha)
    settle(pending, { ok: true, seq, duplicate })
  }

  /** By what an earlier attempt of the same operation left behind. */
  earlier(pending: Pending, found: Dedupe): void {
    if (found.kind === 'stored' && found.sha === pending.request.sha) {
      this.stored(pending, found.seq, true)
    } else {
      this.refused(pending, 'cid_conflict')
    }
  }

  /** Not stored by this append, and never will be. */
  refused(pending: Pending, code: RefusalCode): void {
    this.#recent.failed(this.#log, pending.key)
    settle(pending, { ok: false, code })
  }

  /** A resend may still land by an earlier attempt: then a lack of space is no certain answer. */
  noSpace(pending: Pending): void {
    if (pending.request.resend === true) {
      this.unknown(pending)
    } else {
      this.refused(pending, 'storage_full')
    }
  }

  unknown(pending: Pending): void {
    settle(pending, { ok: false, code: 'unknown' })
  }

  /** By a bug. */
  broken(pending: Pending, error: unknown): void {
    pending.settled = true
    pending.reject(error)
  }
}

function settle(pending: Pending, result: AppendResult): void {
  pending.settled = true
  pending.resolve(result)
}

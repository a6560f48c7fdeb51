import type { Answers } from './answers.ts'
import type { AppenderDependencies } from './appender.ts'
import { SEQ_MAX, bucketOf, dedupeKey } from './keys.ts'
import { lookBack } from './look-back.ts'
import type { Pending } from './pending.ts'

/** Answers the appends that must not be committed; reads kv only for what is not known here. */
export class Screening {
  readonly #log: string
  readonly #deps: AppenderDependencies
  readonly #answers: Answers

  constructor(log: string, deps: AppenderDependencies, answers: Answers) {
    this.#log = log
    this.#deps = deps
    this.#answers = answers
  }

  /**
   * Those of `first` to commit at `seq` and after, in order. `seq` − 1 is known to exist. The others are answered,
   * or wait for the next round.
   */
  async screen(first: readonly Pending[], seq: number): Promise<Pending[]> {
    const accepted: Pending[] = []
    const keys = new Set<string>()
    for (const pending of first) {
      if (pending.request.base >= seq && (await this.#passesHead(pending))) {
        return []
      }
      if (pending.settled || keys.has(pending.key) || this.#isRecent(pending)) {
        continue
      }
      if (this.#mayLieBehind(pending, seq) && (await this.#liesBehind(pending, seq))) {
        continue
      }
      if (pending.request.prev !== undefined && (await this.#isOrphan(pending, keys, seq))) {
        this.#answers.refused(pending, 'aborted_after')
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
    this.#answers.refused(pending, 'bad_position')
    return false
  }

  #isRecent(pending: Pending): boolean {
    const known = this.#deps.recent.get(this.#log, pending.key)
    if (known === undefined || known === 'failed') {
      return false
    }
    this.#answers.earlier(pending, known)
    return true
  }

  #mayLieBehind(pending: Pending, seq: number): boolean {
    const { strategy, bucketSize } = this.#deps
    pending.lookedBackTo ??= strategy.lookBackFrom(pending.request, seq, bucketSize)
    return pending.lookedBackTo < bucketOf(seq, bucketSize)
  }

  /** Look-back: an earlier attempt may lie in any bucket since `base`. */
  async #liesBehind(pending: Pending, seq: number): Promise<boolean> {
    const { kv, bucketSize } = this.#deps
    const range = { from: pending.lookedBackTo ?? 0, to: bucketOf(seq, bucketSize) }
    const found = await lookBack(kv, this.#log, pending.key, range)
    pending.lookedBackTo = range.to
    if (found !== undefined) {
      this.#answers.earlier(pending, found)
    }
    return found !== undefined
  }

  /** Whether the append that this one was pipelined after is not stored, nor about to be in the same commit. */
  async #isOrphan({ request }: Pending, batched: ReadonlySet<string>, seq: number): Promise<boolean> {
    const key = dedupeKey(request.author, request.prev ?? '')
    if (batched.has(key)) {
      return false
    }
    const { recent, kv, bucketSize } = this.#deps
    const range = { from: bucketOf(request.base + 1, bucketSize), to: bucketOf(seq, bucketSize) + 1 }
    const outcome = recent.get(this.#log, key) ?? (await lookBack(kv, this.#log, key, range))
    return outcome === undefined || outcome === 'failed' || outcome.kind === 'refused'
  }
}

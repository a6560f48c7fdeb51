import type { Answers } from './answers.ts'
import type { AppenderDependencies } from './appender.ts'
import { type Dedupe, SEQ_MAX, bucketOf, dedupeKey } from './keys.ts'
import { type LookBack, lookBack } from './look-back.ts'
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
    const behind = await this.#lookBehind(first, seq)
    const accepted: Pending[] = []
    const keys = new Set<string>()
    for (const pending of first) {
      if (pending.request.base >= seq && (await this.#passesHead(pending))) {
        return []
      }
      if (pending.settled || keys.has(pending.key) || this.#isRecent(pending)) {
        continue
      }
      const earlier = behind.get(pending.key)
      if (earlier !== undefined) {
        this.#answers.earlier(pending, earlier)
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

  /** Look-back: an earlier attempt may lie in any bucket since `base`. One question for all that have to ask. */
  async #lookBehind(first: readonly Pending[], seq: number): Promise<Map<string, Dedupe>> {
    const { kv, strategy, bucketSize } = this.#deps
    const to = bucketOf(seq, bucketSize)
    const wanted: LookBack[] = []
    const asking: Pending[] = []
    for (const pending of first) {
      pending.lookedBackTo ??= strategy.lookBackFrom(pending.request, seq, bucketSize)
      if (pending.lookedBackTo < to && this.#recentOf(pending) === undefined) {
        wanted.push({ key: pending.key, from: pending.lookedBackTo, to })
        asking.push(pending)
      }
    }
    const found = await lookBack(kv, this.#log, wanted)
    for (const pending of asking) {
      // An absence is final. What was found has to be found again when this round ends before its turn.
      if (!found.has(pending.key)) {
        pending.lookedBackTo = to
      }
    }
    return found
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
    const known = this.#recentOf(pending)
    if (known !== undefined) {
      this.#answers.earlier(pending, known)
    }
    return known !== undefined
  }

  /** What is known here of an earlier attempt that has left a row. */
  #recentOf({ key }: Pending): Dedupe | undefined {
    const known = this.#deps.recent.get(this.#log, key)
    return known === 'failed' ? undefined : known
  }

  /** Whether the append that this one was pipelined after is not stored, nor about to be in the same commit. */
  async #isOrphan({ request }: Pending, batched: ReadonlySet<string>, seq: number): Promise<boolean> {
    const key = dedupeKey(request.author, request.prev ?? '')
    if (batched.has(key)) {
      return false
    }
    const { recent, kv, bucketSize } = this.#deps
    const range = { from: bucketOf(request.base + 1, bucketSize), to: bucketOf(seq, bucketSize) + 1 }
    const outcome =
      recent.get(this.#log, key) ?? (await lookBack(kv, this.#log, [{ key, ...range }])).get(key)
    return outcome === undefined || outcome === 'failed' || outcome.kind === 'refused'
  }
}

import type { Clock } from '@tam/util'
import { logOfBucket } from '../log/keys.ts'
import { type Change, type CommitResult, type Kv, UnknownOutcome } from '../ports/kv/kv.ts'
import { DIGEST_MS, DOUBT_MS } from './limits.ts'

/** The logs that this process is committing to, or has committed to without learning whether. */
export class Doubts {
  readonly #clock: Pick<Clock, 'monotonic'>
  /** Buckets of commits under way, and since when, monotonic milliseconds; the oldest first. */
  readonly #underWay = new Set<{ readonly partition: string; readonly since: number }>()
  /** When an outcome was last unknown, by bucket; the oldest first. */
  readonly #unknown = new Map<string, number>()

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** The same store, for logs alone: its commits are watched. */
  watch(kv: Kv): Kv {
    return {
      get: (partition, key) => kv.get(partition, key),
      getMany: (refs) => kv.getMany(refs),
      scan: (partition, range) => kv.scan(partition, range),
      commit: (partition, change) => this.#commit(kv, partition, change),
      close: () => kv.close(),
    }
  }

  /** Whether any log may be further than anybody was told, be it by a commit of this very moment. */
  get isAny(): boolean {
    return this.#underWay.size > 0 || this.open().size > 0
  }

  /** Logs that may be further than anybody was told; a commit that has taken no second yet will be told itself. */
  open(): Set<string> {
    const now = this.#clock.monotonic()
    for (const [partition, at] of this.#unknown) {
      if (now - at <= DOUBT_MS) {
        break
      }
      this.#unknown.delete(partition)
    }
    const slow = [...this.#underWay].filter(({ since }) => now - since >= DIGEST_MS)
    const buckets = [...this.#unknown.keys(), ...slow.map(({ partition }) => partition)]
    return new Set(buckets.map(logOfBucket))
  }

  async #commit(kv: Kv, partition: string, change: Change): Promise<CommitResult> {
    const underWay = { partition, since: this.#clock.monotonic() }
    this.#underWay.add(underWay)
    try {
      return await kv.commit(partition, change)
    } catch (error) {
      if (error instanceof UnknownOutcome) {
        this.#unknown.delete(partition)
        this.#unknown.set(partition, this.#clock.monotonic())
      }
      throw error
    } finally {
      this.#underWay.delete(underWay)
    }
  }
}

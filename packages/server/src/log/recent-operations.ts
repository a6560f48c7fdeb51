import { type Dedupe, dedupeValue, parseDedupe } from './keys.ts'
import { RecentMap } from './recent-map.ts'

/** Operations whose outcome a process remembers, at least. A forgotten one costs a read of its dedupe row. */
export const RECENT_OPERATIONS_MAX = 8_192

const FAILED = ''

/** Outcomes known for certain: an entry is durable, or the append was refused and nothing was stored by it. */
export class RecentOperations {
  readonly #outcomes = new RecentMap<string>(RECENT_OPERATIONS_MAX)

  stored(log: string, key: string, seq: number, sha: string): void {
    this.#outcomes.set(`${log} ${key}`, dedupeValue(seq, sha))
  }

  failed(log: string, key: string): void {
    this.#outcomes.set(`${log} ${key}`, FAILED)
  }

  get(log: string, key: string): Dedupe | 'failed' | undefined {
    const outcome = this.#outcomes.get(`${log} ${key}`)
    if (outcome === undefined || outcome === FAILED) {
      return outcome === undefined ? undefined : 'failed'
    }
    return parseDedupe(outcome)
  }
}

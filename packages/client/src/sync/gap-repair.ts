import { PAGE_MAX } from '@tam/protocol/limits'
import type { Clock } from '@tam/util'
import { TamError } from '../errors.ts'
import type { ReadHistory } from './history.ts'
import type { Logs } from './logs.ts'

/** Milliseconds before a repair that failed is tried again. */
const RETRY_MS = 1_000

export interface GapRepairDependencies {
  readonly logs: Logs
  readonly history: ReadHistory
  readonly clock: Clock
  readonly onRepaired: (repair: { log: string; from: number; to: number }) => void
  /** Even the server does not have what follows the cursor: the log goes on from `head`. */
  readonly onHole: (log: string, head: number) => void
}

/** Fetches entries that were missed in the middle of a connection: one repair at a time per log. */
export class GapRepair {
  readonly #deps: GapRepairDependencies
  /** The highest seq seen of a log whose cursor is lower. */
  readonly #ahead = new Map<string, number>()
  readonly #running = new Set<string>()
  /** Distinguishes this connection's repairs from those a lost one left behind. */
  #life = 0

  constructor(dependencies: GapRepairDependencies) {
    this.#deps = dependencies
  }

  /** Remembers that `log` reaches at least to `seq`. */
  saw(log: string, seq: number): void {
    this.#ahead.set(log, Math.max(seq, this.#ahead.get(log) ?? 0))
  }

  /** Fetches what lies between the cursor and the highest seq seen, if anything does. */
  check(log: string): void {
    if (this.#running.has(log) || !this.#behind(log)) {
      return
    }
    this.#running.add(log)
    const life = this.#life
    this.#repair(log)
      .then(
        () => false,
        (error: unknown) => error instanceof TamError && error.retryable && error.code !== 'offline',
      )
      .then((again) => {
        if (life === this.#life) {
          this.#running.delete(log)
          if (again) {
            this.#deps.clock.after(RETRY_MS, () => life === this.#life && this.check(log))
          }
        }
      })
  }

  /** The connection is gone; the next sync asks for everything missed. */
  reset(): void {
    this.#life++
    this.#ahead.clear()
    this.#running.clear()
  }

  #behind(log: string): boolean {
    const cursor = this.#deps.logs.get(log)?.cursor
    return cursor !== undefined && (this.#ahead.get(log) ?? 0) > cursor
  }

  async #repair(log: string): Promise<void> {
    const { logs, history, onRepaired, onHole } = this.#deps
    const life = this.#life
    while (this.#behind(log)) {
      const from = (logs.get(log)?.cursor ?? 0) + 1
      const page = await history(log, { after: from - 1 }, PAGE_MAX)
      if (life !== this.#life) {
        return
      }
      logs.append(log, page.entries)
      const to = logs.get(log)?.cursor ?? 0
      this.#ahead.set(log, Math.min(this.#ahead.get(log) ?? 0, Math.max(page.head, to)))
      if (to >= from) {
        onRepaired({ log, from, to })
      } else if (this.#behind(log)) {
        onHole(log, page.head)
        return
      }
    }
  }
}

import { PAGE_MAX } from '@tam/protocol/limits'
import type { Clock } from '@tam/util'
import { TamError } from '../errors.ts'
import type { ReadHistory } from './history.ts'
import { LogTasks } from './log-tasks.ts'
import type { Logs } from './logs.ts'

export interface GapRepairDependencies {
  readonly logs: Logs
  readonly history: ReadHistory
  readonly clock: Clock
  readonly onRepaired: (repair: { log: string; from: number; to: number }) => void
  /** Even the server does not have what follows the cursor: the log goes on from `head`. */
  readonly onHole: (log: string, head: number) => void
}

/** Fetches entries that were missed in the middle of a connection. */
export class GapRepair {
  readonly #deps: GapRepairDependencies
  readonly #tasks: LogTasks
  /** The highest seq seen of a log whose cursor is lower. */
  readonly #ahead = new Map<string, number>()

  constructor(dependencies: GapRepairDependencies) {
    this.#deps = dependencies
    this.#tasks = new LogTasks({
      clock: dependencies.clock,
      due: (log) => this.#isBehind(log),
      run: (log, current) => this.#repair(log, current),
    })
  }

  /** Remembers that `log` reaches at least to `seq`. */
  saw(log: string, seq: number): void {
    this.#ahead.set(log, Math.max(seq, this.#ahead.get(log) ?? 0))
  }

  /** Fetches what lies between the cursor and the highest seq seen, if anything does. */
  check(log: string): void {
    this.#tasks.check(log)
  }

  /** What was seen of `log` means nothing any more. */
  forget(log: string): void {
    this.#ahead.delete(log)
  }

  /** The connection is gone; the next sync asks for everything missed. */
  reset(): void {
    this.#tasks.reset()
    this.#ahead.clear()
  }

  #isBehind(log: string): boolean {
    const cursor = this.#deps.logs.get(log)?.cursor
    return cursor !== undefined && (this.#ahead.get(log) ?? 0) > cursor
  }

  async #repair(log: string, current: () => boolean): Promise<void> {
    const { logs, history, onRepaired, onHole } = this.#deps
    while (this.#isBehind(log)) {
      const from = (logs.get(log)?.cursor ?? 0) + 1
      const page = await history(log, { after: from - 1 }, PAGE_MAX)
      if (!current()) {
        return
      }
      logs.append(log, page.entries)
      const to = logs.get(log)?.cursor ?? 0
      if (to >= from) {
        onRepaired({ log, from, to })
      } else if (page.head >= from) {
        onHole(log, page.head)
        return
      } else {
        // Read before the entries that were seen were stored; it will know them soon.
        throw new TamError('behind', { retryable: true })
      }
    }
  }
}

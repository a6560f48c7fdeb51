import type { Clock } from '@tam/util'
import { TamError } from '../errors.ts'

/** Milliseconds before a task that failed is tried again. */
const RETRY_MS = 1_000

export interface LogTasksOptions {
  readonly clock: Clock
  /** True while there is something to do for the log. */
  readonly due: (log: string) => boolean
  /** `current` turns false when the connection that it runs on is gone. */
  readonly run: (log: string, current: () => boolean) => Promise<void>
}

/** Background work on logs over one connection: one run at a time per log, again while it fails. */
export class LogTasks {
  readonly #options: LogTasksOptions
  readonly #running = new Set<string>()
  #life = 0

  constructor(options: LogTasksOptions) {
    this.#options = options
  }

  check(log: string): void {
    if (!this.#running.has(log) && this.#options.due(log)) {
      this.#running.add(log)
      void this.#run(log, this.#life)
    }
  }

  /** The connection is gone: what ran on it ends without effect. */
  reset(): void {
    this.#life++
    this.#running.clear()
  }

  async #run(log: string, life: number): Promise<void> {
    const { run, clock } = this.#options
    const current = () => life === this.#life
    const again = await run(log, current).then(() => false, isWorthRepeating)
    if (current()) {
      this.#running.delete(log)
      if (again) {
        clock.after(RETRY_MS, () => current() && this.check(log))
      }
    }
  }
}

/** Without a connection there is nothing to repeat: the next sync begins anew. */
function isWorthRepeating(error: unknown): boolean {
  return error instanceof TamError && error.retryable && error.code !== 'offline'
}

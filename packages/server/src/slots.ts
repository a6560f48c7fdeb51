import { AppError } from './errors.ts'

export interface SlotsOptions {
  /** How many tasks run at once. */
  readonly count: number
  /** How many more may wait; past it a task is refused `rate_limited`. */
  readonly waitingMax: number
  /** What a refused caller is told to wait, milliseconds. */
  readonly retryAfterMs: number
}

/** Runs at most `count` expensive tasks at once, the rest in the order they came, and refuses what is too many. */
export class Slots {
  readonly #options: SlotsOptions
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(options: SlotsOptions) {
    this.#options = options
  }

  /** @throws {AppError} rate_limited when too many wait already */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#options.count) {
      this.#running++
    } else {
      await this.#turn()
    }
    try {
      return await task()
    } finally {
      this.#release()
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.length >= this.#options.waitingMax) {
      throw new AppError('rate_limited', { retryAfterMs: this.#options.retryAfterMs })
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  // A slot passes straight to the next in line, so that nobody who comes later can take it.
  #release(): void {
    const next = this.#waiting.shift()
    if (next) {
      next()
    } else {
      this.#running--
    }
  }
}

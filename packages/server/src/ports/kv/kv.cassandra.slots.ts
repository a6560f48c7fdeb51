import { UnknownOutcome } from './kv.ts'

/** Runs at most `count` tasks at once, the rest in the order they came; beyond `waitingMax` one more is refused. */
export class Slots {
  readonly #count: number
  readonly #waitingMax: number
  /** In order of arrival; a Set forgets its first in constant time. */
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(count: number, waitingMax: number) {
    this.#count = count
    this.#waitingMax = waitingMax
  }

  /** @throws {UnknownOutcome} too many wait already; the task was not started */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#count) {
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
    if (this.#waiting.size >= this.#waitingMax) {
      throw new UnknownOutcome('too many requests wait for Cassandra')
    }
    return new Promise((resolve) => {
      this.#waiting.add(resolve)
    })
  }

  // A slot passes straight to the next in line, so that nobody who comes later can take it.
  #release(): void {
    for (const next of this.#waiting) {
      this.#waiting.delete(next)
      return next()
    }
    this.#running--
  }
}

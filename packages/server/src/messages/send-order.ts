import { AppError } from '../errors.ts'

/** Sends of one person to one conversation that wait for a check. Beyond: `rate_limited`. */
const WAITING_MAX = 4_096

/**
 * Keeps a person's sends to one conversation in the order of the calls although some need a check first: while one
 * is being checked, later ones wait for it, whatever they need themselves.
 */
export class SendOrder {
  readonly #tails = new Map<string, { waiting: number; tail: Promise<void> }>()

  /** True when a send may go on at once. */
  isFree(user: string, conv: string): boolean {
    return this.#tails.size === 0 || !this.#tails.has(`${conv}/${user}`)
  }

  /** Runs `check`, then `go` in the same turn of the event loop, after all earlier ones have gone. */
  run<C, T>(user: string, conv: string, check: () => Promise<C>, go: (checked: C) => Promise<T>): Promise<T> {
    const key = `${conv}/${user}`
    const queue = this.#tails.get(key) ?? { waiting: 0, tail: Promise.resolve() }
    if (queue.waiting >= WAITING_MAX) {
      return Promise.reject(new AppError('rate_limited'))
    }
    this.#tails.set(key, queue)
    queue.waiting++
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const step = async (): Promise<void> => {
      try {
        const checked = await check()
        go(checked).then(resolve, reject)
      } catch (error) {
        reject(error)
      } finally {
        queue.waiting--
        if (queue.waiting === 0) {
          this.#tails.delete(key)
        }
      }
    }
    queue.tail = queue.tail.then(step)
    return promise
  }
}

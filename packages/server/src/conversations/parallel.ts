import { AppError } from '../errors.ts'

/** `fn` of every item, at most `width` at a time; results in the order of the items. */
export async function mapLimited<T, R>(
  items: readonly T[],
  width: number,
  fn: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const entries = items.entries()
  const worker = async () => {
    for (const [index, item] of entries) {
      results[index] = await fn(item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}

/** Runs what concerns one key one after another, in the order of the calls. */
export class Serial {
  readonly #tails = new Map<string, { waiting: number; tail: Promise<unknown> }>()
  readonly #max: number

  /** @param max calls waiting for one key; one more is refused `unavailable` */
  constructor(max: number) {
    this.#max = max
  }

  run<T>(key: string, fn: () => Promise<T>): Promise<T> {
    const queue = this.#tails.get(key) ?? { waiting: 0, tail: Promise.resolve() }
    if (queue.waiting >= this.#max) {
      return Promise.reject(new AppError('unavailable'))
    }
    this.#tails.set(key, queue)
    queue.waiting++
    const result = queue.tail.then(fn)
    queue.tail = result.then(
      () => this.#leave(key, queue),
      () => this.#leave(key, queue),
    )
    return result
  }

  #leave(key: string, queue: { waiting: number }): void {
    queue.waiting--
    if (queue.waiting === 0) {
      this.#tails.delete(key)
    }
  }
}

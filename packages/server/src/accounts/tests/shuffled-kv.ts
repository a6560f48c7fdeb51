import type { Random } from '@tam/util'
import type { Change, CommitResult, KeyedRow, Kv, Row, RowRef, ScanRange } from '../../ports/kv/kv.ts'

const TURNS_MAX = 12

/** Every call takes its own time, before it acts and after, so that concurrent callers interleave in every way. */
export class ShuffledKv implements Kv {
  readonly #kv: Kv
  readonly #random: Random

  constructor(kv: Kv, random: Random) {
    this.#kv = kv
    this.#random = random
  }

  get(partition: string, key: string): Promise<Row | undefined> {
    return this.#later(() => this.#kv.get(partition, key))
  }

  getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]> {
    return this.#later(() => this.#kv.getMany(refs))
  }

  scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    return this.#later(() => this.#kv.scan(partition, range))
  }

  commit(partition: string, change: Change): Promise<CommitResult> {
    return this.#later(() => this.#kv.commit(partition, change))
  }

  close(): Promise<void> {
    return this.#kv.close()
  }

  async #later<T>(act: () => Promise<T>): Promise<T> {
    await this.#turns()
    const answer = await act()
    await this.#turns()
    return answer
  }

  async #turns(): Promise<void> {
    for (let turns = Math.floor(this.#random.float() * TURNS_MAX); turns > 0; turns--) {
      await Promise.resolve()
    }
  }
}

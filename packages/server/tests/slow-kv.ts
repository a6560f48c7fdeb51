import type { Random } from '@tam/util'
import type { Change, CommitResult, KeyedRow, Kv, Row, RowRef, ScanRange } from '../src/ports/kv/kv.ts'

/** A store whose every answer takes a while, each another one. */
export class SlowKv implements Kv {
  readonly #kv: Kv
  readonly #random: Random
  readonly #maxMs: number

  constructor(kv: Kv, random: Random, maxMs: number) {
    this.#kv = kv
    this.#random = random
    this.#maxMs = maxMs
  }

  async get(partition: string, key: string): Promise<Row | undefined> {
    await this.#dawdle()
    return this.#kv.get(partition, key)
  }

  async getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]> {
    await this.#dawdle()
    return this.#kv.getMany(refs)
  }

  async scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    const rows = await this.#kv.scan(partition, range)
    await this.#dawdle()
    return rows
  }

  async commit(partition: string, change: Change): Promise<CommitResult> {
    const result = await this.#kv.commit(partition, change)
    await this.#dawdle()
    return result
  }

  close(): Promise<void> {
    return this.#kv.close()
  }

  #dawdle(): Promise<void> {
    return Bun.sleep(this.#random.float() * this.#maxMs)
  }
}

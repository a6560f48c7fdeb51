import type { Change, CommitResult, KeyedRow, Kv, Row, RowRef, ScanRange } from '../../ports/kv/kv.ts'
import { UnknownOutcome } from '../../ports/kv/kv.ts'
import type { Random } from '@tam/util'

/** Where a process dies: at its nth commit (from 0), before or after it applied. */
export interface CrashPoint {
  readonly commit: number
  readonly applied: boolean
}

export class Crashed extends Error {}

/** The kv of a process that dies at one point: nothing reaches the store afterwards. */
export class CrashKv implements Kv {
  readonly #kv: Kv
  readonly #point: CrashPoint | undefined
  commits = 0
  dead = false

  constructor(kv: Kv, point?: CrashPoint) {
    this.#kv = kv
    this.#point = point
  }

  async get(partition: string, key: string): Promise<Row | undefined> {
    this.#assertAlive()
    return this.#kv.get(partition, key)
  }

  async getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]> {
    this.#assertAlive()
    return this.#kv.getMany(refs)
  }

  async scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    this.#assertAlive()
    return this.#kv.scan(partition, range)
  }

  async commit(partition: string, change: Change): Promise<CommitResult> {
    this.#assertAlive()
    if (this.commits++ !== this.#point?.commit) {
      return this.#kv.commit(partition, change)
    }
    this.dead = true
    if (this.#point.applied) {
      await this.#kv.commit(partition, change)
    }
    throw new Crashed()
  }

  async close(): Promise<void> {}

  #assertAlive(): void {
    if (this.dead) {
      throw new Crashed()
    }
  }
}

/** Commits that answer Unknown now and then: applied, not applied, or applied only when `settle` is called. */
export class UnknownKv implements Kv {
  readonly #kv: Kv
  readonly #random: Random
  readonly #late: (() => Promise<unknown>)[] = []

  constructor(kv: Kv, random: Random) {
    this.#kv = kv
    this.#random = random
  }

  get(partition: string, key: string): Promise<Row | undefined> {
    return this.#kv.get(partition, key)
  }

  getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]> {
    return this.#kv.getMany(refs)
  }

  scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    return this.#kv.scan(partition, range)
  }

  async commit(partition: string, change: Change): Promise<CommitResult> {
    const chance = this.#random.float()
    if (chance < 0.75) {
      return this.#kv.commit(partition, change)
    }
    if (chance < 0.85) {
      await this.#kv.commit(partition, change)
    } else if (chance < 0.95) {
      this.#late.push(() => this.#kv.commit(partition, change))
    }
    if (this.#random.float() < 0.3) {
      await this.#late.shift()?.()
    }
    throw new UnknownOutcome()
  }

  /** Applies what is still under way. */
  async settle(): Promise<void> {
    for (const commit of this.#late.splice(0)) {
      await commit()
    }
  }

  async close(): Promise<void> {}
}

import type { Cancel, Clock, Random } from '@tam/util'
import type { Change, CommitResult, KeyedRow, Kv, Row, RowRef, ScanRange } from './kv.ts'
import { UnknownOutcome } from './kv.ts'

/** Probabilities per commit, each in 0..1; together at most 1. */
export interface KvFaults {
  /** Answers a conflict on every expected key although nothing conflicts; nothing is stored. */
  conflict: number
  /** Throws UnknownOutcome after applying. */
  unknownApplied: number
  /** Throws UnknownOutcome and never applies. */
  unknownLost: number
  /** Throws UnknownOutcome and applies later, when it may find other rows. */
  delayed: number
}

/** Milliseconds until a delayed commit applies, at most. */
const DELAY_MS_MAX = 10_000

export const NO_FAULTS: Readonly<KvFaults> = { conflict: 0, unknownApplied: 0, unknownLost: 0, delayed: 0 }

export interface FaultyKvOptions {
  readonly kv: Kv
  readonly clock: Pick<Clock, 'after'>
  readonly random: Random
  readonly faults?: Partial<KvFaults>
}

/** Any engine, made as unreliable as a network makes it. Reads stay correct. */
export class FaultyKv implements Kv {
  /** May be changed at any time. */
  readonly faults: KvFaults
  readonly #kv: Kv
  readonly #clock: Pick<Clock, 'after'>
  readonly #random: Random
  readonly #delayed = new Map<() => Promise<unknown>, Cancel>()

  constructor({ kv, clock, random, faults }: FaultyKvOptions) {
    this.#kv = kv
    this.#clock = clock
    this.#random = random
    this.faults = { ...NO_FAULTS, ...faults }
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
    switch (this.#pick()) {
      case 'conflict':
        return change.expect === undefined || change.expect.length === 0
          ? this.#kv.commit(partition, change)
          : { committed: false, conflicts: change.expect.map(({ key }) => key) }
      case 'unknownApplied':
        await this.#kv.commit(partition, change)
        throw new UnknownOutcome('injected: applied')
      case 'unknownLost':
        throw new UnknownOutcome('injected: lost')
      case 'delayed':
        this.#delay(() => this.#kv.commit(partition, change))
        throw new UnknownOutcome('injected: delayed')
      default:
        return this.#kv.commit(partition, change)
    }
  }

  /** Applies now whatever would still apply later. */
  async applyDelayed(): Promise<void> {
    const delayed = [...this.#delayed]
    this.#delayed.clear()
    for (const [apply, cancel] of delayed) {
      cancel()
      await apply()
    }
  }

  close(): Promise<void> {
    return this.#kv.close()
  }

  #pick(): keyof KvFaults | undefined {
    let left = this.#random.float()
    for (const fault of ['conflict', 'unknownApplied', 'unknownLost', 'delayed'] as const) {
      left -= this.faults[fault]
      if (left < 0) {
        return fault
      }
    }
    return undefined
  }

  #delay(apply: () => Promise<unknown>): void {
    const cancel = this.#clock.after(this.#random.float() * DELAY_MS_MAX, () => {
      this.#delayed.delete(apply)
      void apply()
    })
    this.#delayed.set(apply, cancel)
  }
}

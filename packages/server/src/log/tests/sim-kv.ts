import type { MemoryKv } from '../../ports/kv/kv.memory.ts'
import {
  type Change,
  type CommitResult,
  type KeyedRow,
  type Kv,
  type Row,
  type RowRef,
  type ScanRange,
  StorageFull,
  UnknownOutcome,
} from '../../ports/kv/kv.ts'
import type { Process, Simulation } from './simulation.ts'

/** Share of the commits that meet each fate; the rest apply and say so. */
export interface Fates {
  readonly unknownApplied: number
  readonly appliedLater: number
  readonly lost: number
  readonly full: number
}

/** A store across a network, as one process sees it: each call takes steps, and a commit may meet any fate. */
export class SimKv implements Kv {
  readonly #simulation: Simulation
  readonly #process: Process
  readonly #store: MemoryKv
  readonly #fates: () => Fates

  constructor(simulation: Simulation, process: Process, store: MemoryKv, fates: () => Fates) {
    this.#simulation = simulation
    this.#process = process
    this.#store = store
    this.#fates = fates
  }

  async get(partition: string, key: string): Promise<Row | undefined> {
    await this.#simulation.step(this.#process)
    return this.#store.get(partition, key)
  }

  async getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]> {
    await this.#simulation.step(this.#process)
    return this.#store.getMany(refs)
  }

  async scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    await this.#simulation.step(this.#process)
    return this.#store.scan(partition, range)
  }

  async commit(partition: string, change: Change): Promise<CommitResult> {
    const simulation = this.#simulation
    await simulation.step(this.#process)
    const { unknownApplied, appliedLater, lost, full } = this.#fates()
    const fate = simulation.random.float()
    if (fate < unknownApplied) {
      this.#store.apply(partition, change)
    } else if (fate < unknownApplied + appliedLater) {
      simulation.later(NETWORK, () => this.#store.apply(partition, change))
    } else if (fate < unknownApplied + appliedLater + lost + full) {
      // Nothing is stored.
    } else {
      const result = this.#store.apply(partition, change)
      await simulation.step(this.#process)
      return result
    }
    await simulation.step(this.#process)
    throw fate < unknownApplied + appliedLater + lost
      ? new UnknownOutcome('simulated')
      : new StorageFull('simulated')
  }

  async close(): Promise<void> {}
}

/** A request under way outlives its sender. */
const NETWORK: Process = { alive: true }

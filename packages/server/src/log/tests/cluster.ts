import type { MemoryKv } from '../../ports/kv/kv.memory.ts'
import { type LogStore, createLog } from '../create-log.ts'
import type { AppendStrategy } from '../strategy.ts'
import type { History } from './history.ts'
import { type Fates, SimKv } from './sim-kv.ts'
import type { Process, Simulation } from './simulation.ts'

export interface ClusterOptions {
  readonly simulation: Simulation
  readonly store: MemoryKv
  readonly history: History
  readonly bucketSize: number
  readonly strategy: AppendStrategy
  readonly fates: () => Fates
}

/** A server: one incarnation after another of the real log over the simulated store. */
export class SimServer {
  readonly #options: ClusterOptions
  #process: Process = { alive: false }
  #log: LogStore
  #crashed = Promise.withResolvers<'crashed'>()

  constructor(options: ClusterOptions) {
    this.#options = options
    this.#log = this.#start()
  }

  /** What the log answers; undefined when the server dies first. */
  async ask<Answer>(question: (log: LogStore) => Promise<Answer>): Promise<Answer | undefined> {
    const answer = await Promise.race([question(this.#log), this.#crashed.promise])
    return answer === 'crashed' ? undefined : answer
  }

  crash(): void {
    this.#process.alive = false
    this.#crashed.resolve('crashed')
    this.#log = this.#start()
  }

  #start(): LogStore {
    const { simulation, store, history, bucketSize, strategy, fates } = this.#options
    this.#crashed = Promise.withResolvers()
    const process = (this.#process = { alive: true })
    const published: History['published'][number] = []
    history.published.push(published)
    return createLog({
      kv: new SimKv(simulation, process, store, fates),
      clock: simulation.clock(process),
      random: simulation.random,
      bucketSize,
      strategy,
      onCommitted: (_log, firstSeq, entries) => published.push({ firstSeq, entries }),
    })
  }
}

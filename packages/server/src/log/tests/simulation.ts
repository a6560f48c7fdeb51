import { drainMicrotasks } from 'bun:jsc'
import type { Clock, Random } from '@tam/util'

/** Whoever takes steps; what a dead one had parked is never resumed. */
export interface Process {
  alive: boolean
}

interface Parked {
  readonly process: Process
  readonly resume: () => void
}

/** Everything concurrent parks here, and one seed decides who goes on: a run is its seed. */
export class Simulation {
  readonly random: Random
  /** Steps taken so far; orders all events of a run. */
  steps = 0
  #now = 0
  readonly #parked: Parked[] = []

  constructor(random: Random) {
    this.random = random
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.random.float() < probability
  }

  /** Uniform in 0..below − 1. */
  below(below: number): number {
    return Math.floor(this.random.float() * below)
  }

  /** Parks the caller until it is picked. */
  step(process: Process): Promise<void> {
    return new Promise((resume) => {
      this.#parked.push({ process, resume })
    })
  }

  /** Calls `fn` at some later pick. */
  later(process: Process, fn: () => void): void {
    this.#parked.push({ process, resume: fn })
  }

  /** Time passes by timers; they fire in any order, as they may between machines. */
  clock(process: Process): Clock {
    return {
      now: () => this.#now,
      monotonic: () => this.#now,
      after: (ms, fn) => {
        let cancelled = false
        this.later(process, () => {
          this.#now += ms
          if (!cancelled) {
            fn()
          }
        })
        return () => {
          cancelled = true
        }
      },
      every: () => () => {},
    }
  }

  /** Runs until nothing is parked. `beforeStep` may change the world. */
  run(beforeStep: () => void): void {
    drainMicrotasks()
    while (this.#parked.length > 0) {
      this.steps++
      beforeStep()
      const index = this.below(this.#parked.length)
      const picked = this.#parked[index] as Parked
      this.#parked[index] = this.#parked.at(-1) as Parked
      this.#parked.pop()
      if (picked.process.alive) {
        picked.resume()
        drainMicrotasks()
      }
    }
  }
}

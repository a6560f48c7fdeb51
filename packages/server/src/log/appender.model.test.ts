import { drainMicrotasks } from 'bun:jsc'
import { describe, expect, test } from 'bun:test'
import { must, seededRandom } from '@tam/util'
import { MemoryKv } from '../ports/kv/kv.memory.ts'
import { type AppendStrategy, type Mutation, mutatedStrategies, soundStrategy } from './strategy.ts'
import { LOG, SimClient } from './tests/client.ts'
import { SimServer } from './tests/cluster.ts'
import { type History, findViolations } from './tests/history.ts'
import type { Fates } from './tests/sim-kv.ts'
import { Simulation } from './tests/simulation.ts'

const SEEDS = Number(process.env['TAM_MODEL_SEEDS'] ?? 1_500)
const MUTATION_SEEDS = 3_000
const CLIENTS = 14
const SERVERS = 3
const CRASH = 0.01
const HARSH: Fates = { unknownApplied: 0.1, appliedLater: 0.1, lost: 0.05, full: 0.01 }

interface Run {
  readonly violations: readonly string[]
  readonly acks: number
  readonly entries: number
  readonly failures: number
  readonly steps: number
}

/** One seed: the real log on three servers over one store, until every client is done and every commit has landed. */
function runSeed(seed: number, strategy: AppendStrategy): Run {
  const random = seededRandom(seed)
  const simulation = new Simulation(random)
  const bucketSize = 2 + (seed % 4)
  const store = new MemoryKv(simulation.clock({ alive: true }))
  const history: History = { operations: [], published: [] }
  const options = { simulation, store, history, bucketSize, strategy, fates: () => HARSH }
  const servers = Array.from({ length: SERVERS }, () => new SimServer(options))
  const world = { simulation, servers, store, history, bucketSize }
  for (let client = 0; client < CLIENTS; client++) {
    void new SimClient(`u${client}`, world).run()
  }
  simulation.run(() => {
    if (simulation.chance(CRASH)) {
      must(servers[simulation.below(SERVERS)]).crash()
    }
  })
  const { operations } = history
  return {
    violations: settled(findViolations(history, store, LOG)),
    acks: operations.flatMap(({ acks }) => acks).length,
    entries: operations.filter(({ acks }) => acks.length > 0).length,
    failures: operations.filter(({ failed }) => failed).length,
    steps: simulation.steps,
  }
}

/** The value of a promise that waits for nothing but microtasks. */
function settled<Value>(promise: Promise<Value>): Value {
  drainMicrotasks()
  const value = Bun.peek(promise)
  if (value instanceof Promise || value instanceof Error) {
    throw value
  }
  return value
}

describe('append model', () => {
  test(`over ${SEEDS} seeds nothing is lost, doubled, reordered or contradicted`, () => {
    let [acks, entries, failures, steps] = [0, 0, 0, 0]
    for (let seed = 1; seed <= SEEDS; seed++) {
      const run = runSeed(seed, soundStrategy)
      expect({ seed, violations: run.violations }).toEqual({ seed, violations: [] })
      acks += run.acks
      entries += run.entries
      failures += run.failures
      steps += run.steps
    }
    // The model must do something: most operations end up stored, some are acknowledged twice, some refused.
    expect(entries / SEEDS).toBeGreaterThan(CLIENTS)
    expect(acks).toBeGreaterThan(entries * 1.1)
    expect(failures).toBeGreaterThan(SEEDS / 10)
    expect(steps).toBeGreaterThan(SEEDS * 200)
  }, 120_000)

  const noticed: Record<Mutation, RegExp> = {
    'no-dedupe-row': /stored twice/,
    'one-bucket-look-back': /stored twice/,
    'ack-before-commit': /^ack/,
    'renumber-after-unknown': /hole/,
    'base-raised': /stored twice/,
    'void-row-in-a-sealed-bucket': /failed and is visible/,
    'plain-refusal': /failed and is visible/,
  }
  for (const [mutation, violation] of Object.entries(noticed) as [Mutation, RegExp][]) {
    test(`within ${MUTATION_SEEDS} seeds the checker notices ${mutation}: ${violation.source}`, () => {
      const seeds = Array.from({ length: MUTATION_SEEDS }, (_, index) => index + 1)
      const isNoticed = (seed: number) =>
        runSeed(seed, mutatedStrategies[mutation]).violations.some((found) => violation.test(found))
      expect(seeds.some(isNoticed)).toBe(true)
    })
  }
})

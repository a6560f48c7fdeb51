import { expect, test } from 'bun:test'
import { seededRandom } from '@tam/testkit'
import { Simulation } from './simulation.ts'

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 40)
const FIRST = Number(process.env['SEED'] ?? Date.now() % 1_000_000)
const STEPS = 400

test(`[RS2] [RS9] [MB1] [MB2] whatever bus, store and clients do, sockets see seq + 1 and what is theirs, up to the head`, async () => {
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    const simulation = new Simulation(seededRandom(seed))
    for (let i = 0; i < STEPS; i++) {
      await simulation.step()
    }
    await simulation.quiesce()
    expect({ seed, problems: simulation.problems() }).toEqual({ seed, problems: [] })
  }
}, 60_000)

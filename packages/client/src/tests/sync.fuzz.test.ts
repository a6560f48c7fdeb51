import { expect, test } from 'bun:test'
import { FuzzRun } from './fuzz-run.ts'

const SEEDS = Number(process.env['TAM_FUZZ_SEEDS'] ?? 500)
const FIRST = Number(process.env['TAM_FUZZ_FIRST'] ?? 1)

test(`after any faults all clients equal the server (${SEEDS} seeds)`, async () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    await new FuzzRun(seed).run()
  }
  expect(SEEDS).toBeGreaterThan(0)
}, 600_000)

import { describe, expect, test } from 'bun:test'
import { seededRandom } from '@tam/util'
import { check, violated } from './check.ts'
import { History } from './history.ts'
import { plantedFaults } from './planted.ts'
import { SYNTHETIC_BUCKET, synthesize } from './synthetic.ts'

const SEEDS = Array.from({ length: 8 }, (_, seed) => seed + 1)
const SENDS = 300

function judge(events: Parameters<typeof History.from>[0]) {
  return check(History.from(events), { bucket: SYNTHETIC_BUCKET })
}

describe('the checker', () => {
  test.each(SEEDS)('finds nothing in a clean history (seed %d)', (seed) => {
    const judgements = judge(synthesize({ seed, sends: SENDS }))
    expect(judgements.flatMap(({ id, examples }) => examples.map((example) => `${id} ${example}`))).toEqual(
      [],
    )
  })

  test('judges every invariant on a clean history', () => {
    const judgements = judge(synthesize({ seed: 1, sends: SENDS }))
    expect(judgements.filter(({ judged }) => judged === 0).map(({ id }) => id)).toEqual([])
  })

  for (const fault of plantedFaults) {
    test.each(SEEDS)(`${fault.violates} alone sees ${fault.name} (seed %d)`, (seed) => {
      const clean = synthesize({ seed, sends: SENDS })
      const judgements = judge(fault.plant(clean, seededRandom(seed)))
      expect(violated(judgements)).toEqual([fault.violates])
    })
  }
})

/*
 * `npm test`: everything that can be tested here. `npm run test:quick`: static checks and the unit tests.
 * `bun tools/test.ts --only redis`: one suite by its name.
 * What could not be run is said in one line; with TAM_TEST_STRICT=1 (CI) that is a failure.
 */
import { parseArgs } from 'node:util'
import { prepareBrowser } from './test/browser.ts'
import { NEEDS_ENGINE, engineSuites, runEngineSuite } from './test/engine-suites.ts'
import { bunTest, mustSucceed, staticChecks, type Tally } from './test/suites.ts'
import { bun } from './run.ts'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const strict = process.env.TAM_TEST_STRICT === '1'
const FULL_SEEDS = { TAM_MODEL_SEEDS: '10000', TAM_FUZZ_SEEDS: '2000' }

async function browserTests(): Promise<Tally> {
  const missing = await prepareBrowser()
  return missing === undefined ? bunTest(['apps/web/e2e']) : { passed: 0, failed: 0, leftOut: [missing] }
}

type Suite = readonly [name: string, run: () => Promise<Tally>]

const quickSuites: readonly Suite[] = [
  ['static checks', staticChecks],
  [
    'unit and integration',
    () =>
      bunTest(['packages', 'apps/web/src', 'tools', 'bench'], {
        env: options.quick ? {} : FULL_SEEDS,
        ignore: NEEDS_ENGINE,
      }),
  ],
]
/** One after the other: browsers and the engines of a fleet want the machine for themselves. */
const fullSuites: readonly Suite[] = [
  ['web build and its size', () => mustSucceed('web size', [bun, 'apps/web/tools/size-gate.ts', '--build'])],
  ['browser', browserTests],
  ['drill', () => mustSucceed('drill', [bun, 'tools/drill/main.ts', '--embedded', '--rounds', '5'])],
  ...engineSuites.map((suite): Suite => [suite.name, () => runEngineSuite(suite)]),
]

const suites = [...quickSuites, ...(options.quick ? [] : fullSuites)].filter(
  ([name]) => options.only === undefined || name === options.only,
)
if (suites.length === 0) {
  console.error(`no suite is called "${options.only}"`)
  process.exit(2)
}
let passed = 0
let failed = 0
const leftOut: string[] = []
const failures: string[] = []
for (const [name, runSuite] of suites) {
  console.log(`\n== ${name}`)
  const started = performance.now()
  const tally = await runSuite()
  passed += tally.passed
  failed += tally.failed
  failures.push(...(tally.failures ?? []).map((text) => `-- failed in "${name}": ${text}`))
  leftOut.push(...tally.leftOut.map((line) => `left out of "${name}": ${line}`))
  console.log(
    `== ${name}: ${tally.passed} passed, ${tally.failed} failed (${Math.round((performance.now() - started) / 1000)} s)`,
  )
}
for (const line of [...failures, ...leftOut]) {
  console.log(line)
}
console.log(`\n${passed} passed, ${failed + (strict ? leftOut.length : 0)} failed`)
process.exit(failed > 0 || (strict && leftOut.length > 0) ? 1 : 0)

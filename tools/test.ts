/*
 * `npm test`: everything that can be tested here. `npm run test:quick`: static checks and the unit tests.
 * What could not be run is said in one line; with TAM_TEST_STRICT=1 (CI) that is a failure.
 */
import { prepareBrowser } from './test/browser.ts'
import { bunTest, mustSucceed, staticChecks, type Tally } from './test/suites.ts'
import { bun } from './run.ts'

const quick = process.argv.includes('--quick')
const strict = process.env.TAM_TEST_STRICT === '1'
/** Test files of the fleet's engines: they start servers of their own, and run by their variables (docs/roadmap.md). */
const NEEDS_ENGINE = [
  '**/*.redis.test.ts',
  '**/*.cassandra.test.ts',
  '**/*.s3.test.ts',
  'tools/engines/**',
  'tools/deploy-check/**',
]
const FULL_SEEDS = { TAM_MODEL_SEEDS: '10000', TAM_FUZZ_SEEDS: '2000' }

async function browserTests(): Promise<Tally> {
  const missing = await prepareBrowser()
  return missing === undefined ? bunTest(['apps/web/e2e']) : { passed: 0, failed: 0, leftOut: [missing] }
}

const suites: [name: string, run: () => Promise<Tally>][] = [
  ['static checks', staticChecks],
  [
    'unit and integration',
    () =>
      bunTest(['packages', 'apps/web/src', 'tools', 'bench'], {
        env: quick ? {} : FULL_SEEDS,
        ignore: NEEDS_ENGINE,
      }),
  ],
]
if (!quick) {
  suites.push(
    [
      'web build and its size',
      () => mustSucceed('web size', [bun, 'apps/web/tools/size-gate.ts', '--build']),
    ],
    ['browser', browserTests],
    ['drill', () => mustSucceed('drill', [bun, 'tools/drill/main.ts', '--embedded', '--rounds', '5'])],
  )
}

let passed = 0
let failed = 0
const leftOut: string[] = []
for (const [name, runSuite] of suites) {
  console.log(`\n== ${name}`)
  const started = performance.now()
  const tally = await runSuite()
  passed += tally.passed
  failed += tally.failed
  leftOut.push(...tally.leftOut.map((line) => `left out of "${name}": ${line}`))
  console.log(
    `== ${name}: ${tally.passed} passed, ${tally.failed} failed (${Math.round((performance.now() - started) / 1000)} s)`,
  )
}
for (const line of leftOut) {
  console.log(line)
}
console.log(`\n${passed} passed, ${failed + (strict ? leftOut.length : 0)} failed`)
process.exit(failed > 0 || (strict && leftOut.length > 0) ? 1 : 0)

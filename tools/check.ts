/* Static checks: types, lint, format, boundaries. `npm run check`, or one of them: `npm run check types`. */
import { bun, root, run, type Outcome } from './run.ts'

const bin = (name: string) => `${root}node_modules/.bin/${name}`
const projects = [
  'packages/util',
  'packages/protocol',
  'packages/client',
  'packages/testkit',
  'packages/server',
  'apps/web',
  '.',
]

export const checks: Record<string, () => Promise<Outcome>> = {
  async types() {
    const outcomes: Outcome[] = []
    for (const project of projects) {
      outcomes.push(await run([bin('tsc'), '-p', project]))
    }
    return {
      code: outcomes.some((outcome) => outcome.code !== 0) ? 1 : 0,
      output: outcomes.map((o) => o.output).join(''),
    }
  },
  lint: () => run([bun, '--bun', bin('oxlint'), '--quiet']),
  format: () => run([bun, '--bun', bin('oxfmt'), '--check']),
  boundaries: () => run([bun, 'tools/check-boundaries/main.ts']),
}

if (import.meta.main) {
  const wanted = process.argv.slice(2)
  let failed = false
  for (const [name, check] of Object.entries(checks)) {
    if (wanted.length > 0 && !wanted.includes(name)) {
      continue
    }
    const outcome = await check()
    console.log(`${outcome.code === 0 ? 'ok  ' : 'FAIL'} ${name}`)
    if (outcome.code !== 0) {
      failed = true
      console.log(outcome.output)
    }
  }
  process.exit(failed ? 1 : 0)
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checks } from '../check.ts'
import { bun, run } from '../run.ts'
import { failures } from './failures.ts'

/** For one test on a busy machine; a test that needs more says so itself. */
const TIMEOUT_MS = 30_000

/** Characters of a failed command's output that are told again. */
const OUTPUT_TAIL = 4_000

/** What one suite came to. `leftOut` says in one line what was not run and why. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly leftOut: readonly string[]
  /** What failed, each with the end of what it printed: told again where the whole output ends. */
  readonly failures?: readonly string[]
}

export interface BunTestOptions {
  readonly env?: Record<string, string>
  /** Globs of test files that belong to another suite. */
  readonly ignore?: readonly string[]
}

/** `bun test` over `paths`, counted from its JUnit report so that a suite that ran nothing is a failure. */
export async function bunTest(
  paths: readonly string[],
  { env = {}, ignore = [] }: BunTestOptions = {},
): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'tam-test-'))
  const report = join(folder, 'report.xml')
  try {
    const ignored = ignore.map((pattern) => `--path-ignore-patterns=${pattern}`)
    const command = [
      bun,
      'test',
      '--reporter=junit',
      `--reporter-outfile=${report}`,
      `--timeout=${TIMEOUT_MS}`,
      ...ignored,
      ...paths,
    ]
    const outcome = await run(command, { show: true, env })
    return { ...count(report, outcome.code), failures: failures(outcome.output) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function count(report: string, code: number): Tally {
  let head: string
  try {
    head = /<testsuites[^>]*>/.exec(readFileSync(report, 'utf8'))?.[0] ?? ''
  } catch {
    return { passed: 0, failed: 1, leftOut: [] }
  }
  const attribute = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0)
  const [tests, failures, skipped] = [attribute('tests'), attribute('failures'), attribute('skipped')]
  const silent = code !== 0 && failures === 0 ? 1 : 0
  return {
    passed: tests - failures - skipped,
    failed: failures + silent + (tests === 0 ? 1 : 0),
    leftOut: skipped > 0 ? [`${skipped} tests were skipped`] : [],
  }
}

/** Every static check counts as one test. */
export async function staticChecks(): Promise<Tally> {
  const failed: string[] = []
  const all = Object.entries(checks)
  for (const [name, check] of all) {
    const outcome = await check()
    console.log(`${outcome.code === 0 ? 'ok  ' : 'FAIL'} ${name}`)
    if (outcome.code !== 0) {
      failed.push(`${name}\n${outcome.output}`)
      console.log(outcome.output)
    }
  }
  return { passed: all.length - failed.length, failed: failed.length, leftOut: [], failures: failed }
}

/** A command that must exit 0 counts as one test. */
export async function mustSucceed(name: string, command: readonly string[]): Promise<Tally> {
  const outcome = await run(command, { show: true })
  console.log(`${outcome.code === 0 ? 'ok  ' : 'FAIL'} ${name}`)
  return outcome.code === 0
    ? { passed: 1, failed: 0, leftOut: [] }
    : { passed: 0, failed: 1, leftOut: [], failures: [`${name}\n${outcome.output.slice(-OUTPUT_TAIL)}`] }
}

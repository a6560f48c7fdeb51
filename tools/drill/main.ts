import { mkdirSync } from 'node:fs'
import { BUGS } from './bugs.ts'
import { violated } from './checker/check.ts'
import { verdict } from './checker/verdict.ts'
import { writeHistory } from './checker/write-history.ts'
import { drillEmbedded } from './embedded.ts'
import type { DrillResult } from './embedded.ts'
import { USAGE, parseOptions } from './options.ts'
import type { DrillOptions } from './options.ts'

/** Rounds that are enough for a planted fault to show, within a minute. */
const BUG_ROUNDS = 12
const KEPT = '.cache/drill'

/** Runs one drill and prints its page; true when nothing was violated. */
async function embedded(options: DrillOptions): Promise<boolean> {
  console.log(`drill --embedded --rounds ${options.rounds} --rate ${options.rate} --seed ${options.seed}`)
  const result = await drillEmbedded(options, progress)
  const { passed, text } = verdict(result.history, result.judgements)
  console.log(`\n${text}`)
  keepHistory(options, result, passed)
  return passed
}

/** Each planted fault has to be found; true when all were. */
async function bugs(options: DrillOptions): Promise<boolean> {
  let found = 0
  for (const { name, violates, bucket } of BUGS) {
    const since = performance.now()
    const { judgements } = await drillEmbedded(
      { ...options, bug: name, bucket, rounds: BUG_ROUNDS },
      progress,
    )
    const red = violated(judgements)
    const isFound = violates.some((id) => red.includes(id))
    found += isFound ? 1 : 0
    const seconds = ((performance.now() - since) / 1_000).toFixed(0)
    const expected = violates.join(' or ')
    console.log(
      `\r${isFound ? 'found ' : 'MISSED'} ${name}: ${red.join(' ') || 'none'} (expected ${expected}), ${seconds} s`,
    )
  }
  console.log(`${found} of ${BUGS.length} planted faults found`)
  return found === BUGS.length
}

async function keepHistory(
  { history, seed }: DrillOptions,
  result: DrillResult,
  passed: boolean,
): Promise<void> {
  if (history === undefined && passed) {
    return
  }
  mkdirSync(KEPT, { recursive: true })
  const path = history ?? `${KEPT}/${seed}.jsonl`
  writeHistory(path, result.history)
  console.log(`history: ${path} · judge it again: bun tools/drill/checker/main.ts ${path}`)
}

function progress(line: string): void {
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\u001b[K${line}`)
  }
}

async function main(): Promise<boolean> {
  try {
    const options = parseOptions(process.argv.slice(2))
    return options.mode === 'bugs' ? await bugs(options) : await embedded(options)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(USAGE)
    return false
  }
}

process.exit((await main()) ? 0 : 1)

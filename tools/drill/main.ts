import { mkdirSync } from 'node:fs'
import { unreachable } from '@tam/util'
import { violated } from './checker/check.ts'
import { verdict } from './checker/verdict.ts'
import { writeHistory } from './checker/write-history.ts'
import { drillEmbedded } from './embedded.ts'
import type { DrillResult } from './embedded.ts'
import { drillFleet } from './fleet-drill.ts'
import { BUGS } from './faulty/bugs.ts'
import { USAGE, parseOptions } from './options.ts'
import type { BugsOptions, DrillOptions, EmbeddedDrillOptions, FleetDrillOptions } from './options.ts'

/** Rounds that are enough for a planted fault to show, within a minute. */
const BUG_ROUNDS = 12
const BUG_MINUTES = 0.4
const KEPT = '.cache/drill'

async function embedded(options: EmbeddedDrillOptions): Promise<boolean> {
  console.log(`drill --embedded --rounds ${options.rounds} --rate ${options.rate} --seed ${options.seed}`)
  return conclude(options, await drillEmbedded(options, progress))
}

async function fleet(options: FleetDrillOptions): Promise<boolean> {
  const { minutes, store, mode, rate, seed } = options
  console.log(`drill --kv ${store.engine} --minutes ${minutes} --mode ${mode} --rate ${rate} --seed ${seed}`)
  return conclude(options, await drillFleet(options, (line) => console.log(line)))
}

/** Prints the page; true when nothing was violated. */
function conclude(options: Kept, result: DrillResult): boolean {
  const { passed, text } = verdict(result.history, result.judgements)
  console.log(`\n${text}`)
  keepHistory(options, result, passed)
  return passed
}

/** Each planted fault has to be found, and what is none has to pass; true when it was so. */
async function bugs({ fleet: inFleet, ...embeddedOptions }: BugsOptions): Promise<boolean> {
  const named = embeddedOptions.bug
  const chosen = BUGS.filter(({ name }) => named === undefined || name === named)
  let right = 0
  for (const bug of chosen) {
    const since = performance.now()
    const planted = { bug: bug.name, bucket: bug.bucket }
    const result =
      bug.drill === 'fleet'
        ? await drillFleet({ ...inFleet, ...planted, minutes: BUG_MINUTES }, progress)
        : await drillEmbedded({ ...embeddedOptions, ...planted, rounds: BUG_ROUNDS }, progress)
    const { violates, name, unjudged = [] } = bug
    const red = violated(result.judgements).filter((id) => !unjudged.includes(id))
    const isRight = violates.length === 0 ? red.length === 0 : violates.some((id) => red.includes(id))
    right += isRight ? 1 : 0
    const seconds = ((performance.now() - since) / 1_000).toFixed(0)
    const expected = violates.length === 0 ? 'nothing' : violates.join(' or ')
    const found = red.length === 0 ? 'nothing' : red.join(' ')
    console.log(
      `${isRight ? 'right' : 'WRONG'}  ${name}: ${found} violated, expected ${expected}, ${seconds} s`,
    )
    if (!isRight) {
      conclude({ ...embeddedOptions, history: `${KEPT}/${name}-${embeddedOptions.seed}.jsonl` }, result)
    }
  }
  console.log(`${right} of ${chosen.length} as expected`)
  return right === chosen.length
}

type Kept = Pick<EmbeddedDrillOptions, 'history' | 'seed'>

function keepHistory({ history, seed }: Kept, result: DrillResult, passed: boolean): void {
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

function run(options: DrillOptions): Promise<boolean> {
  switch (options.drill) {
    case 'embedded':
      return embedded(options)
    case 'fleet':
      return fleet(options)
    case 'bugs':
      return bugs(options)
    default:
      return unreachable(options)
  }
}

async function main(): Promise<boolean> {
  try {
    return await run(parseOptions(process.argv.slice(2)))
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(USAGE)
    return false
  }
}

process.exit((await main()) ? 0 : 1)

import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { isQuick } from './fleet/sizes.ts'
import { buildDriver } from './lib/driver.ts'
import { describeMachine, pinSelf, printMachine, useWholeMachine } from './lib/machine.ts'
import type { Row } from './lib/report.ts'
import { printRows } from './lib/report.ts'
import { acks } from './workloads/acks.ts'
import { connects } from './workloads/connects.ts'
import { fanout } from './workloads/fanout.ts'
import { fleetBus } from './workloads/fleet-bus.ts'
import { fleetCommits } from './workloads/fleet-commits.ts'
import { fleetPresence } from './workloads/fleet-presence.ts'
import { fleetResume } from './workloads/fleet-resume.ts'
import { history } from './workloads/history.ts'
import { memory } from './workloads/memory.ts'
import { presence } from './workloads/presence.ts'
import { simulations } from './workloads/simulations.ts'
import { web } from './workloads/web.ts'
import type { Workload } from './workloads/workload.ts'

const CORE: readonly Workload[] = [fanout, acks, memory, connects, history, presence, web]
/** Several processes on Redis, and the log on Cassandra. */
const FLEET: readonly Workload[] = [fleetBus, fleetCommits, fleetResume, fleetPresence, simulations]
const ALL = [...CORE, ...FLEET]
const RESULTS = new URL('./results/', import.meta.url).pathname

/** Runs the chosen workloads, prints their rows, keeps the raw figures. */
async function bench(chosen: readonly Workload[]): Promise<void> {
  buildDriver()
  const machine = describeMachine()
  printMachine(machine)
  const since = performance.now()
  const results: { workload: string; rows: readonly Row[]; raw: unknown }[] = []
  const inOrder = [...chosen].sort(
    (a, b) => Number(b.wholeMachine ?? false) - Number(a.wholeMachine ?? false),
  )
  for (const workload of inOrder) {
    useWholeMachine(workload.wholeMachine === true)
    if (workload.wholeMachine !== true) {
      pinSelf()
    }
    const missing = await workload.missing?.()
    if (missing !== undefined) {
      console.log(`\nleft out: ${workload.name}: ${missing.replaceAll('\n', ' ')}`)
      continue
    }
    console.log(`\n${workload.title}`)
    const { rows, raw } = await workload.run((line) => console.log(`  ${line}`))
    printRows(rows)
    results.push({ workload: workload.name, rows, raw })
  }
  if (!isQuick) {
    mkdirSync(RESULTS, { recursive: true })
    const path = `${RESULTS}${machine.date.replaceAll(':', '-')}.json`
    writeFileSync(path, JSON.stringify({ machine, results }, null, 1))
  }
  const judged = results.flatMap(({ rows }) => rows).filter(({ met }) => met !== undefined)
  const met = judged.filter((row) => row.met === true).length
  const seconds = ((performance.now() - since) / 1_000).toFixed(0)
  const kept = isQuick ? 'too small to say anything' : 'raw figures in bench/results'
  console.log(`\n${met} of ${judged.length} targets met in ${seconds} s · ${kept}`)
}

function choose(only: string | undefined, isFleet: boolean): readonly Workload[] {
  if (only === undefined) {
    return isFleet ? FLEET : CORE
  }
  return only.split(',').map((name) => {
    const workload = ALL.find((candidate) => candidate.name === name.trim())
    if (workload === undefined) {
      throw new Error(`no workload "${name}": there are ${ALL.map((known) => known.name).join(', ')}`)
    }
    return workload
  })
}

try {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, fleet: { type: 'boolean', default: false } },
  })
  await bench(choose(values.only, values.fleet))
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}

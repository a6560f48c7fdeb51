import { MEMBER_PREFIX, SIDE_PREFIX, convPartition, userPartition } from '@tam/server/conversations/rows.ts'
import { prefixEnd } from '@tam/server/ports/kv/kv.ts'
import { must } from '@tam/util'
import { missingForFleet } from '../fleet/engines.ts'
import { MeasuredFleet, type Part, Processes } from '../fleet/measured-fleet.ts'
import { size } from '../fleet/sizes.ts'
import { type ChurnResult, type DriverOptions, churn, hold } from '../lib/driver.ts'
import { type Row, driverNote, times } from '../lib/report.ts'
import { runsOf } from '../lib/statistics.ts'
import { copySeed, startTam, tamOptions, watchOptions } from '../lib/tam.ts'
import { communitySeed, readCommunity } from '../seed/community.ts'
import { mintTokens, openOffline } from '../seed/offline.ts'
import type { Member } from '../seed/offline.ts'
import type { Workload } from './workload.ts'

/** Connects a second, and as many disconnects. */
const RATE = size(200, 50)
/** Runs alternate, so that every contender is left alone longer than a server remembers who has just left. */
const RUNS = size(2, 1)
const SECONDS = size(8, 3)
const WARM_SECONDS = size(3, 1)
const HOLD_SECONDS = size(2, 1)
const WATCHERS = size(200, 20)
/** People on each watcher's screen. */
const WATCHED = 30

type Name = 'embedded' | 'silent' | 'fleet' | 'watched'

interface Contender {
  readonly name: Name
  readonly processes: Processes
  readonly port: number | string
  readonly comers: Script
  readonly watchers?: Script
}

interface Run {
  readonly result: ChurnResult
  readonly parts: ReadonlyMap<Part, number>
}

interface Measured {
  readonly name: Name
  readonly runs: readonly Run[]
}

/** What it costs that people come and go, and what of it is presence: the same fleet once hears nothing of who is here. */
export const fleetPresence: Workload = {
  name: 'fleet-presence',
  title: `presence: ${RATE} connects and as many disconnects a second, figures for 1,000; kv = SQLite behind a Unix socket`,
  wholeMachine: true,
  missing: missingForFleet,
  async run(say) {
    await using parts = new AsyncDisposableStack()
    const seed = parts.adopt(copySeed(await communitySeed(say)), ({ dispose }) => dispose())
    const { members } = readCommunity(seed.dataDir)
    const tokens = await mintTokens(seed.dataDir, members)
    const rows = tokens.map((token, index) => [token, `bench-device-${index}`])
    const comers = tamOptions(rows.slice(WATCHERS))
    const screens = await screensOf(seed.dataDir, members.slice(0, WATCHERS))
    const watchers = watchOptions(rows.slice(0, WATCHERS), screens)
    const own = parts.adopt(copySeed(seed.dataDir), ({ dispose }) => dispose())
    const embedded = parts.adopt(await startTam(own.dataDir), (server) => server.stop())
    say('two fleets start: one hears nothing of presence')
    const silent = parts.use(await MeasuredFleet.start({ seed: seed.dataDir, hasPresence: false }))
    const fleet = parts.use(await MeasuredFleet.start({ seed: seed.dataDir }))
    const alone = new Processes([{ part: 'chat', pid: embedded.pid }])
    const inFleet = ({ chatPorts: port }: MeasuredFleet, processes: Processes) => ({
      port,
      processes,
      comers,
    })
    const measured = await measure([
      { name: 'embedded', port: embedded.port, processes: alone, comers },
      { name: 'silent', ...inFleet(silent, silent.processes()) },
      { name: 'fleet', ...inFleet(fleet, fleet.processes()) },
      { name: 'watched', ...inFleet(fleet, fleet.processes()), watchers },
    ])
    return { rows: rowsOf(measured), raw: measured.map(rawOf) }
  },
}

type Script = Partial<DriverOptions>

const common = {
  sockets: Math.ceil(RATE * HOLD_SECONDS * 4),
  rate: RATE,
  hold: HOLD_SECONDS,
  warm: WARM_SECONDS,
  seconds: SECONDS,
}

async function measure(contenders: readonly Contender[]): Promise<Measured[]> {
  const runs = contenders.map((): Run[] => [])
  // What is compiled by the first people who come is nobody's cost.
  for (let run = -1; run < RUNS; run++) {
    for (const [index, contender] of contenders.entries()) {
      const measured = await measureOnce(contender)
      if (run >= 0) {
        runs[index]?.push(measured)
      }
    }
  }
  return contenders.map(({ name }, index) => ({ name, runs: runs[index] ?? [] }))
}

async function measureOnce({ processes, port, comers, watchers }: Contender): Promise<Run> {
  const watching =
    watchers === undefined ? undefined : await hold({ ...watchers, mode: 'hold', sockets: WATCHERS, port })
  const result = await churn({ ...common, ...comers, port, pids: processes.pids })
  await watching?.release()
  return { result, parts: processes.byPart(result.cpus) }
}

/** For each watcher people they share a conversation with, none of them a watcher. */
async function screensOf(dataDir: string, watchers: readonly Member[]): Promise<string[][]> {
  await using offline = await openOffline(dataDir)
  const { kv } = offline
  const own = new Set(watchers.map(({ id }) => id))
  const keysOf = async (partition: string, prefix: string) => {
    const rows = await kv.scan(partition, { from: prefix, to: prefixEnd(prefix), limit: 200 })
    return rows.map(({ key }) => key.slice(prefix.length))
  }
  const screens: string[][] = []
  for (const { id } of watchers) {
    const people = new Set<string>()
    for (const conv of await keysOf(userPartition(id), SIDE_PREFIX)) {
      const others = await keysOf(convPartition(conv), MEMBER_PREFIX)
      others.filter((other) => !own.has(other)).forEach((other) => people.add(other))
      if (people.size >= WATCHED) {
        break
      }
    }
    screens.push([...people].slice(0, WATCHED))
  }
  return screens
}

/** Milliseconds of CPU a second, at 1,000 connects and disconnects a second. */
function costOf({ runs }: Measured, pick: readonly Part[]): number {
  const each = runs.map(({ result, parts }) => {
    const cores = pick.reduce((total, part) => total + (parts.get(part) ?? 0), 0)
    return (cores * 1e6) / result.connects
  })
  return runsOf(each).median
}

const TITLES: Record<Name, string> = {
  embedded: 'one process, presence in it',
  silent: 'fleet that hears nothing of presence',
  fleet: 'fleet, nobody watches',
  watched: `fleet, ${WATCHERS} watch ${WATCHED} people each`,
}

function rowsOf(measured: readonly Measured[]): Row[] {
  const silent = must(measured.find(({ name }) => name === 'silent'))
  const presence: readonly Part[] = ['chat', 'presence', 'redis']
  const rows = measured.map((each): Row => {
    const { name } = each
    const results = each.runs.map(({ result }) => result)
    const median = (pick: (result: ChurnResult) => number) => runsOf(results.map(pick)).median
    const lost = results.reduce((total, { failed, skipped }) => total + failed + skipped, 0)
    const cost = (...pick: Part[]) => (costOf(each, pick) / 1_000).toFixed(3)
    return {
      name: TITLES[name],
      figure: `${cost(...presence)} cores`,
      ...(name === 'silent'
        ? {}
        : {
            baseline: `without presence ${(costOf(silent, presence) / 1_000).toFixed(3)} cores`,
            ratio: times(costOf(each, presence) / costOf(silent, presence)),
          }),
      notes: [
        `chat ${cost('chat')}, presence ${cost('presence')}, Redis ${cost('redis')}; beside it the store ${cost('store')}`,
        `${median(({ connects }) => connects).toFixed(0)}/s measured, synced p50 ${median(({ p50 }) => p50).toFixed(1)} p99 ${median(({ p99 }) => p99).toFixed(1)} ms`,
        ...(lost > 0 ? [`FAILED OR SKIPPED ${lost}`] : []),
        driverNote(results),
      ].join(' · '),
    }
  })
  const added = measured.filter(({ name }) => name === 'fleet' || name === 'watched')
  return [...rows, ...added.map((each) => addedRow(each, silent))]
}

/** What presence adds to the same coming and going. */
function addedRow(each: Measured, silent: Measured): Row {
  const added = (...pick: Part[]) => costOf(each, pick) - costOf(silent, pick)
  return {
    name: `presence alone: ${each.name === 'fleet' ? 'nobody watches' : 'watched'}`,
    figure: `${added('chat', 'presence', 'redis').toFixed(0)} µs a pair`,
    notes: `of it chat ${added('chat').toFixed(0)}, presence ${added('presence').toFixed(0)}, Redis ${added('redis').toFixed(0)}: a connect and a disconnect together`,
  }
}

function rawOf({ name, runs }: Measured): unknown {
  return { name, runs: runs.map(({ result, parts }) => ({ ...result, parts: Object.fromEntries(parts) })) }
}

import { Client } from 'cassandra-driver'
import { migrateCassandra } from '@tam/server/ports/kv/kv.cassandra.migrate.ts'
import { openCassandraKv } from '@tam/server/ports/kv/kv.cassandra.ts'
import type { Kv } from '@tam/server/ports/kv/kv.ts'
import { systemClock, systemRandom } from '@tam/util'
import { startCassandra } from '../../tools/engines/cassandra/cluster.ts'
import { type Writers, bareBatches, logLoad } from '../fleet/cassandra-loads.ts'
import { type LoopResult, type Step, closedLoop } from '../fleet/closed-loop.ts'
import { missingForCassandra } from '../fleet/engines.ts'
import { isQuick, size } from '../fleet/sizes.ts'
import { type Row, rate, share } from '../lib/report.ts'
import type { Workload } from './workload.ts'

const KEYSPACE = 'bench'
/** Cassandra compiles while it runs. */
const WARM_UP_SECONDS = size(8, 1)
const WARM_SECONDS = size(2, 0.5)
const SECONDS = size(5, 1)
/** Of a load in one conversation that fills its commits: share of what the bare driver makes of the same batches. */
const TARGET_SHARE = 0.5
const FULL_SENDERS = 256
const PAGE_ROWS = 50
const READERS = 50

const LOADS: readonly Writers[] = isQuick
  ? [
      { conversations: 1, senders: 8 },
      { conversations: 10, senders: 2 },
    ]
  : [
      { conversations: 1, senders: 1 },
      { conversations: 1, senders: 8 },
      { conversations: 1, senders: 8, servers: 2 },
      { conversations: 1, senders: 64 },
      { conversations: 1, senders: 64, servers: 2 },
      { conversations: 1, senders: FULL_SENDERS },
      { conversations: 100, senders: 1 },
      { conversations: 100, senders: 10 },
    ]

interface Measured {
  readonly load: Writers
  readonly entries: LoopResult
  /** Entries of a commit. */
  readonly fill: number
  /** Batches of as many messages, by the bare driver. */
  readonly bare: LoopResult
  readonly bareFill: number
  /** Of the bare batches: those whose outcome the node could not tell in time. */
  readonly unknown: number
}

/** Acknowledged appends on a real Cassandra of one node, beside the bare driver making the same conditional batches. */
export const fleetCommits: Workload = {
  name: 'fleet-commits',
  title: 'commits on one node of Apache Cassandra 5.0.5, which shares the machine with the driver',
  wholeMachine: true,
  missing: missingForCassandra,
  async run(say) {
    say('Cassandra starts')
    await using parts = new AsyncDisposableStack()
    const { contactPoints, localDataCenter } = parts.use(await startCassandra({ nodes: 1 }))
    const target = { contactPoints, localDataCenter, keyspace: KEYSPACE }
    const options = { ...target, clock: systemClock, random: systemRandom }
    await migrateCassandra(options)
    const open = async () => parts.adopt(await openCassandraKv(options), (opened) => opened.close())
    const kv = await open()
    const kvs = [kv, await open()]
    const client = new Client({ contactPoints: [...contactPoints], localDataCenter })
    await client.connect()
    parts.defer(() => client.shutdown())
    const warmUp = logLoad(kvs, { conversations: 50, senders: 4 })
    await closedLoop({ ...warmUp, warmSeconds: 0, seconds: WARM_UP_SECONDS })
    const measured: Measured[] = []
    for (const load of LOADS) {
      const own = logLoad(kvs, load)
      const entries = await closedLoop({ ...own, warmSeconds: WARM_SECONDS, seconds: SECONDS })
      const fill = own.fill()
      const bareFill = Math.max(1, Math.round(fill))
      const name = `${load.conversations}-${load.senders}-${load.servers ?? 1}`
      const batches = bareBatches(client, { keyspace: KEYSPACE, name, messages: bareFill })
      const bare = await closedLoop({
        workers: load.conversations,
        step: batches.step,
        warmSeconds: WARM_SECONDS,
        seconds: SECONDS,
      })
      measured.push({ load, entries, fill, bare, bareFill, unknown: batches.unknown() })
    }
    const reads = await measureReads(kv)
    const [get] = reads
    const readRows = reads.map((read) => readRow(read, get))
    return { rows: [...measured.map(rowOf), ...readRows], raw: { measured, reads } }
  },
}

interface Read {
  readonly name: string
  readonly result: LoopResult
}

/** Reads of conversations written before. */
async function measureReads(kv: Kv): Promise<Read[]> {
  const { conversations, senders } = LOADS.at(-1) ?? { conversations: 1, senders: 1 }
  const partition = (worker: number) => `log/${conversations}-${senders}-1-${worker % conversations}/0`
  const page = { from: 'm/', to: 'm0', limit: PAGE_ROWS, reverse: true }
  const steps: { readonly name: string; readonly step: Step }[] = [
    { name: 'get of one row, 50 at a time', step: (worker) => kv.get(partition(worker), 'm/0000000001') },
    { name: `scan of ${PAGE_ROWS} rows, 50 at a time`, step: (worker) => kv.scan(partition(worker), page) },
  ]
  const reads: Read[] = []
  for (const { name, step } of steps) {
    const loop = { workers: READERS, step, warmSeconds: WARM_SECONDS, seconds: SECONDS / 2 }
    reads.push({ name, result: await closedLoop(loop) })
  }
  return reads
}

function readRow({ name, result }: Read, get: Read | undefined): Row {
  const { perSecond, p50, p99 } = result
  return {
    name,
    figure: rate(perSecond),
    ...(get === undefined || get.name === name
      ? {}
      : { baseline: `get ${rate(get.result.perSecond)}`, ratio: share(perSecond / get.result.perSecond) }),
    notes: `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms`,
  }
}

function rowOf({ load, entries, fill, bare, bareFill, unknown }: Measured): Row {
  const { conversations, senders, servers = 1 } = load
  const bareEntries = bare.perSecond * bareFill
  const ratio = entries.perSecond / bareEntries
  const isJudged = conversations === 1 && senders === FULL_SENDERS
  return {
    name: `${conversations} ${conversations === 1 ? 'conversation' : 'conversations'}, ${senders} unanswered each${servers === 1 ? '' : `, on ${servers} servers`}`,
    figure: `${rate(entries.perSecond)} entries`,
    baseline: `bare batches ${rate(bareEntries)}`,
    ratio: share(ratio),
    ...(isJudged ? { target: `≥ ${share(TARGET_SHARE)} of bare`, met: ratio >= TARGET_SHARE } : {}),
    notes:
      `${rate(entries.perSecond / fill)} commits of ${fill.toFixed(1)} · ack p50 ${entries.p50.toFixed(1)} p99 ${entries.p99.toFixed(1)} ms · ` +
      `bare ${rate(bare.perSecond)} batches of ${bareFill}, p50 ${bare.p50.toFixed(1)} p99 ${bare.p99.toFixed(1)} ms` +
      (unknown === 0 ? '' : ` (${unknown} timed out)`),
  }
}

/*
 * What the log makes of a real Cassandra of one node on this machine: entries and commits a second, each writer waiting
 * for its acknowledgement, beside the bare driver making the same conditional batches one after the other.
 * `bun bench/cassandra.bench.ts [seconds]`; it needs Java 17 and Maven, and shares the cores with what it measures.
 */
import { Client, types } from 'cassandra-driver'
import { systemClock, systemRandom } from '@tam/util'
import { createLog } from '../packages/server/src/log/create-log.ts'
import { migrateCassandra } from '../packages/server/src/ports/kv/kv.cassandra.migrate.ts'
import { type CassandraKvOptions, openCassandraKv } from '../packages/server/src/ports/kv/kv.cassandra.ts'
import type { Kv } from '../packages/server/src/ports/kv/kv.ts'
import { startCassandra } from '../tools/engines/cassandra/cluster.ts'
import { prepareCassandra } from '../tools/engines/cassandra/install.ts'
import { type Row, printRows, rate, share } from './lib/report.ts'
import { quantile } from './lib/statistics.ts'

/** Cassandra compiles while it runs. */
const WARM_UP_SECONDS = 5
const SECONDS = Number(process.argv[2] ?? 10)
const KEYSPACE = 'bench'
const SHA = 's'.repeat(43)
const BODY = `"type":"message","from":"000000000001","text":"${'x'.repeat(100)}","at":"2026-01-01T00:00:00.000Z"}`
const PAGE_ROWS = 50

interface Result {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

/** One step of a worker, which waits for it. */
type Step = (worker: number, index: number) => Promise<unknown>

interface Load {
  readonly name: string
  readonly workers: number
  readonly step: Step
}

async function measure({ workers, step }: Load): Promise<Result> {
  const latencies: number[] = []
  const from = performance.now() + WARM_UP_SECONDS * 1_000
  const until = from + SECONDS * 1_000
  async function work(worker: number): Promise<void> {
    for (let index = 0; performance.now() < until; index++) {
      const before = performance.now()
      await step(worker, index)
      if (before >= from) {
        latencies.push(performance.now() - before)
      }
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  latencies.sort((a, b) => a - b)
  const perSecond = latencies.length / SECONDS
  return { perSecond, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }
}

/** The commit of one entry with its dedupe row, without engine and log. */
function bareCommits(client: Client): Step {
  const update = `UPDATE ${KEYSPACE}.kv SET v = ?, rev = ?, expires = ? WHERE p = ? AND k = ? IF rev = null AND expires = null`
  const options = {
    prepare: true,
    consistency: types.consistencies.quorum,
    serialConsistency: types.consistencies.serial,
  }
  return (worker, index) => {
    const write = (key: string, value: string) => ({
      query: update,
      params: [value, `${index}`, '9007199254740991', `bare/${worker}`, key],
    })
    return client.batch([write(`m/${index}`, BODY), write(`d/${index}`, SHA)], options)
  }
}

/** Appends of `senders` people in each of `conversations`. */
function appends(kv: Kv, conversations: number, senders: number): Load {
  const name = `log: ${conversations} × ${senders} senders`
  const log = createLog({ kv, clock: systemClock, random: systemRandom, onCommitted: () => {} })
  const bases = new Map<number, number>()
  const step: Step = async (worker, index) => {
    const cid = `${worker}-${index}`
    const base = bases.get(worker) ?? 0
    const request = { author: `${worker}`, cid, sha: SHA, base, body: `"cid":"${cid}",${BODY}` }
    const result = await log.append(`${conversations}-${senders}-${worker % conversations}`, request)
    if (!result.ok) {
      throw new Error(`refused: ${result.code}`)
    }
    bases.set(worker, result.seq)
  }
  return { name, workers: conversations * senders, step }
}

class CountingKv {
  commits = 0
  readonly kv: Kv

  constructor(inner: Kv) {
    this.kv = {
      get: (partition, key) => inner.get(partition, key),
      getMany: (refs) => inner.getMany(refs),
      scan: (partition, range) => inner.scan(partition, range),
      commit: (partition, change) => {
        this.commits++
        return inner.commit(partition, change)
      },
      close: () => inner.close(),
    }
  }
}

async function bench(options: CassandraKvOptions): Promise<Row[]> {
  const { contactPoints, localDataCenter } = options
  const client = new Client({ contactPoints: [...contactPoints], localDataCenter })
  await client.connect()
  const counting = new CountingKv(await openCassandraKv(options))
  const { kv } = counting
  const bare = await measure({ name: 'bare', workers: 100, step: bareCommits(client) })
  const rows: Row[] = [row('bare driver: 100 × 1', bare)]
  const loads = [appends(kv, 1, 1), appends(kv, 1, 64), appends(kv, 100, 1), appends(kv, 100, 10)]
  for (const load of loads) {
    const before = counting.commits
    const result = await measure(load)
    const commits = (counting.commits - before) / (WARM_UP_SECONDS + SECONDS)
    rows.push({
      ...row(load.name, result, `${rate(commits)} commits`),
      baseline: `bare commits ${rate(bare.perSecond)}`,
      ratio: share(result.perSecond / bare.perSecond),
    })
  }
  const range = { from: 'm/', to: 'm0', limit: PAGE_ROWS, reverse: true }
  const get: Step = (worker) => kv.get(`log/100-10-${worker}/0`, 'm/0000000001')
  const scan: Step = (worker) => kv.scan(`log/100-10-${worker}/0`, range)
  rows.push(row('get, 50 partitions', await measure({ name: 'get', workers: 50, step: get })))
  rows.push(
    row(`scan of ${PAGE_ROWS}, 50 partitions`, await measure({ name: 'scan', workers: 50, step: scan })),
  )
  await kv.close()
  await client.shutdown()
  return rows
}

function row(name: string, { perSecond, p50, p99 }: Result, more?: string): Row {
  const notes = `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms${more === undefined ? '' : `, ${more}`}`
  return { name, figure: rate(perSecond), notes }
}

const missing = await prepareCassandra()
if (missing !== undefined) {
  console.error(missing)
  process.exit(1)
}
await using cluster = await startCassandra({ nodes: 1 })
const { contactPoints, localDataCenter } = cluster
const options = {
  contactPoints,
  localDataCenter,
  keyspace: KEYSPACE,
  clock: systemClock,
  random: systemRandom,
}
await migrateCassandra(options)
printRows(await bench(options))

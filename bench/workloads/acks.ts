import { measureBareCommits } from '../lib/bare.ts'
import type { BareCommits } from '../lib/bare.ts'
import { drive } from '../lib/driver.ts'
import type { AcksResult, DriverOptions } from '../lib/driver.ts'
import type { Row } from '../lib/report.ts'
import { correctness, driverNote, isCorrect, rate, rates, share } from '../lib/report.ts'
import { runsOf } from '../lib/statistics.ts'
import { copySeed, startTam, tamOptions } from '../lib/tam.ts'
import { WRITERS, communitySeed, readCommunity } from '../seed/community.ts'
import { mintTokens } from '../seed/offline.ts'
import type { Workload } from './workload.ts'

const RUNS = 5
const SECONDS = 2
const TARGETS = { perSecond: 15_000, ofBare: 0.6, p99Ms: 50 }

/** Acknowledgements of stored and synced messages: 200 senders over 200 conversations. */
export const acks: Workload = {
  name: 'acks',
  // The server commits on a thread of its own: on one core there would be nothing beside its sockets.
  wholeMachine: true,
  title: `durable acknowledgements: ${WRITERS} senders over ${WRITERS} conversations`,
  async run(say) {
    const seed = copySeed(await communitySeed(say))
    const { members, own } = readCommunity(seed.dataDir)
    const tokens = await mintTokens(seed.dataDir, members.slice(0, WRITERS))
    const tam = await startTam(seed.dataDir)
    try {
      const rows = tokens.map((token, index) => [token, `bench-device-${index}`, own[index] ?? ''])
      const options = contend(tam, tamOptions(rows))
      const [full, bare] = await measureFull(options)
      const half = await measureAt(options, runsOf(full.map(({ perSecond }) => perSecond)).median / 2)
      return { rows: [fullRow(full, bare), halfRow(half)], raw: { full, bare, half } }
    } finally {
      await tam.stop()
      seed.dispose()
    }
  },
}

function contend(
  { port, pid }: { port: number; pid: number },
  options: Partial<DriverOptions>,
): DriverOptions {
  return {
    mode: 'acks',
    sockets: WRITERS,
    inflight: '1',
    warm: 1,
    seconds: SECONDS,
    port,
    serverPid: pid,
    ...options,
  }
}

async function measureFull(options: DriverOptions): Promise<[AcksResult[], BareCommits[]]> {
  const full: AcksResult[] = []
  const bare: BareCommits[] = []
  for (let run = 0; run < RUNS; run++) {
    full.push(...(await drive<AcksResult>(options)).results)
    bare.push(await measureBareCommits(SECONDS, WRITERS))
  }
  return [full, bare]
}

async function measureAt(options: DriverOptions, perSecond: number): Promise<AcksResult[]> {
  const results: AcksResult[] = []
  for (let run = 0; run < RUNS; run++) {
    results.push(...(await drive<AcksResult>({ ...options, rate: Math.round(perSecond) })).results)
  }
  return results
}

function fullRow(full: readonly AcksResult[], bare: readonly BareCommits[]): Row {
  const [own, commits] = [
    runsOf(full.map(({ perSecond }) => perSecond)),
    runsOf(bare.map(({ perSecond }) => perSecond)),
  ]
  const ratio = own.median / commits.median
  return {
    name: 'closed loop, 1 unanswered each',
    figure: rates(own),
    baseline: `bare SQLite ${rates(commits)}`,
    ratio: share(ratio),
    target: `≥ ${rate(TARGETS.perSecond)} or ≥ ${share(TARGETS.ofBare)}`,
    met: (own.median >= TARGETS.perSecond || ratio >= TARGETS.ofBare) && isCorrect(full),
    notes: [
      latencies(full),
      `${serverNote(full)} (bare ${runsOf(bare.map(({ cpuMicros }) => cpuMicros)).median.toFixed(0)})`,
      correctness(full),
      driverNote(full),
    ].join(' · '),
  }
}

function halfRow(half: readonly AcksResult[]): Row {
  const { median: p99 } = runsOf(half.map((result) => result.p99))
  return {
    name: 'open loop at half of it',
    figure: `p99 ${p99.toFixed(1)} ms`,
    target: `p99 ≤ ${TARGETS.p99Ms} ms`,
    met: p99 <= TARGETS.p99Ms && isCorrect(half),
    notes: [
      `at ${rates(runsOf(half.map(({ perSecond }) => perSecond)))}`,
      latencies(half),
      serverNote(half),
      correctness(half),
      driverNote(half),
    ].join(' · '),
  }
}

function latencies(results: readonly AcksResult[]): string {
  const of = (key: 'p50' | 'p99' | 'max') => runsOf(results.map((result) => result[key])).median.toFixed(1)
  return `p50 ${of('p50')} p99 ${of('p99')} max ${of('max')} ms`
}

function serverNote(results: readonly AcksResult[]): string {
  const { median: micros } = runsOf(results.map(({ serverCpu, perSecond }) => (serverCpu / perSecond) * 1e6))
  return `server ${share(runsOf(results.map(({ serverCpu }) => serverCpu)).median)}, ${micros.toFixed(0)} µs CPU each`
}

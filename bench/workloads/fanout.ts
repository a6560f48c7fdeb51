import { must } from '@tam/util'
import { startBunPublish, startSendLoop, startWsLoop } from '../lib/bare.ts'
import type { BareServer } from '../lib/bare.ts'
import { drive } from '../lib/driver.ts'
import type { DriverOptions, FanoutResult } from '../lib/driver.ts'
import type { Row } from '../lib/report.ts'
import { correctness, driverNote, isCorrect, rates, share, times } from '../lib/report.ts'
import { runsOf } from '../lib/statistics.ts'
import { PAYLOAD, copySeed, startTam, tamOptions } from '../lib/tam.ts'
import { ROOM_SIZE, communitySeed, readCommunity } from '../seed/community.ts'
import { mintTokens } from '../seed/offline.ts'
import type { Workload } from './workload.ts'

const INFLIGHT = [1, 8, 64]
const RUNS = 5
/** At 64 in flight a share of bare Bun and a multiple of the loop over ws; at 1 a share of the send() loop. */
const TARGETS = { ofBun: 0.7, ofWs: 5, ofSendLoop: 0.7 }

type Contender = { readonly name: 'tam' | 'bun' | 'ws' | 'loop'; readonly options: DriverOptions }

/** One conversation, 1,000 sockets: every message is stored before it is delivered, the baselines store nothing. */
export const fanout: Workload = {
  name: 'fanout',
  title: `fan-out: one conversation, ${ROOM_SIZE.toLocaleString('en-US')} sockets, 100 bytes`,
  async run(say) {
    const seed = copySeed(await communitySeed(say))
    const { members, room } = readCommunity(seed.dataDir)
    const people = members.slice(0, ROOM_SIZE)
    const tokens = await mintTokens(seed.dataDir, people)
    const tam = await startTam(seed.dataDir)
    const [bun, ws, loop] = [await startBunPublish(), await startWsLoop(), await startSendLoop()]
    try {
      const rows = tokens.map((token, index) => [token, `bench-device-${index}`, room])
      const results = await measure([
        { name: 'tam', options: contend(tam, tamOptions(rows)) },
        { name: 'bun', options: contend(bun, { publish: PAYLOAD }) },
        { name: 'ws', options: contend(ws, { publish: PAYLOAD }) },
        { name: 'loop', options: contend(loop, { publish: PAYLOAD }) },
      ])
      return { rows: INFLIGHT.map((inflight) => rowOf(inflight, results)), raw: Object.fromEntries(results) }
    } finally {
      await Promise.all([tam, bun, ws, loop].map((server) => server.stop()))
      seed.dispose()
    }
  },
}

function contend(server: Pick<BareServer, 'port' | 'pid'>, options: Partial<DriverOptions>): DriverOptions {
  return {
    mode: 'fanout',
    sockets: ROOM_SIZE,
    inflight: INFLIGHT.join(','),
    warm: 0.4,
    seconds: 1.2,
    port: server.port,
    serverPid: server.pid,
    ...options,
  }
}

async function measure(contenders: readonly Contender[]): Promise<Map<string, FanoutResult[]>> {
  const results = new Map<string, FanoutResult[]>()
  for (let run = 0; run < RUNS; run++) {
    for (const { name, options } of contenders) {
      const stages = (await drive<FanoutResult>(options)).results
      results.set(name, [...(results.get(name) ?? []), ...stages])
    }
  }
  return results
}

function rowOf(inflight: number, all: ReadonlyMap<string, readonly FanoutResult[]>): Row {
  const of = (name: string) => must(all.get(name)).filter((result) => result.inflight === inflight)
  const [tam, bun, ws, loop] = [of('tam'), of('bun'), of('ws'), of('loop')]
  const ratio = (other: readonly FanoutResult[]) => perSecond(tam).median / perSecond(other).median
  return {
    name: `${inflight} in flight`,
    figure: rates(perSecond(tam)),
    baseline: `bare Bun ${rates(perSecond(bun))}`,
    ratio: share(ratio(bun)),
    ...targetOf(inflight, { bun: ratio(bun), ws: ratio(ws), loop: ratio(loop), correct: isCorrect(tam) }),
    notes: [
      `ws loop ${rates(perSecond(ws))}: ${times(ratio(ws))}`,
      `C send() loop ${rates(perSecond(loop))}: ${share(ratio(loop))}`,
      `to the last p50 ${median(tam, 'p50')} p99 ${median(tam, 'p99')} ms (bare ${median(bun, 'p50')}, ${median(bun, 'p99')})`,
      `${median(tam.map(microsPerDelivery))} µs CPU/delivery (bare ${median(bun.map(microsPerDelivery))})`,
      `${median(tam, 'bytesPerDelivery')} B/delivery, ${median(tam, 'perFrame')} in a frame`,
      correctness(tam),
      driverNote(tam),
    ].join(' · '),
  }
}

interface Ratios {
  readonly bun: number
  readonly ws: number
  readonly loop: number
  readonly correct: boolean
}

function targetOf(inflight: number, { bun, ws, loop, correct }: Ratios): Pick<Row, 'target' | 'met'> {
  if (inflight === 64) {
    const target = `≥ ${share(TARGETS.ofBun)}, ≥ ${TARGETS.ofWs} × ws`
    return { target, met: bun >= TARGETS.ofBun && ws >= TARGETS.ofWs && correct }
  }
  return inflight === 1
    ? { target: `≥ ${share(TARGETS.ofSendLoop)} of send() loop`, met: loop >= TARGETS.ofSendLoop && correct }
    : {}
}

function perSecond(results: readonly FanoutResult[]) {
  return runsOf(results.map((result) => result.perSecond))
}

function microsPerDelivery({ serverCpu, perSecond }: FanoutResult): number {
  return (serverCpu / perSecond) * 1e6
}

function median(results: readonly number[]): string
function median(
  results: readonly FanoutResult[],
  key: 'p50' | 'p99' | 'bytesPerDelivery' | 'perFrame',
): string
function median(
  results: readonly (number | FanoutResult)[],
  key: 'p50' | 'p99' | 'bytesPerDelivery' | 'perFrame' = 'p50',
): string {
  const values = results.map((result) => (typeof result === 'number' ? result : result[key]))
  const { median: value } = runsOf(values)
  return value >= 100 ? value.toFixed(0) : value.toFixed(value < 10 ? 2 : 1)
}

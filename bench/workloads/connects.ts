import { startBunPublish } from '../lib/bare.ts'
import type { BareServer } from '../lib/bare.ts'
import { drive } from '../lib/driver.ts'
import type { Connected, DriverOptions } from '../lib/driver.ts'
import type { Row } from '../lib/report.ts'
import { driverNote, rate, rates, share } from '../lib/report.ts'
import { runsOf } from '../lib/statistics.ts'
import { copySeed, startTam, tamOptions } from '../lib/tam.ts'
import type { Handshake } from '../lib/tam.ts'
import { GROUPS_PER_USER, USERS, communitySeed, readCommunity } from '../seed/community.ts'
import { mintTokens } from '../seed/offline.ts'
import type { Member } from '../seed/offline.ts'
import type { Workload } from './workload.ts'

const RUNS = 3
const TARGET_PER_SECOND = 3_000

/** Everybody connects at once to a server that has just started and knows nobody. */
export const connects: Workload = {
  name: 'connects',
  title: `connect storm after a start: ${USERS.toLocaleString('en-US')} people, ${GROUPS_PER_USER} conversations each`,
  async run(say) {
    const seed = copySeed(await communitySeed(say))
    const { members } = readCommunity(seed.dataDir)
    const results = { hello: [] as Connected[], synced: [] as Connected[], bare: [] as Connected[] }
    try {
      for (let run = 0; run < RUNS; run++) {
        results.hello.push(await stormTam(seed.dataDir, members, 'hello'))
        results.bare.push(await storm(await startBunPublish(), {}))
        results.synced.push(await stormTam(seed.dataDir, members, 'synced'))
      }
    } finally {
      seed.dispose()
    }
    const rows = [
      { ...rowOf('authenticated: auth → hello', results.hello, results.bare), ...judged(results.hello) },
      rowOf('current: auth → hello → sync → ok', results.synced, results.bare),
    ]
    return { rows, raw: results }
  },
}

async function stormTam(
  dataDir: string,
  members: readonly Member[],
  handshake: Handshake,
): Promise<Connected> {
  const tokens = await mintTokens(dataDir, members)
  const rows = tokens.map((token, index) => [token, `bench-device-${index}`])
  return storm(await startTam(dataDir), tamOptions(rows, handshake))
}

async function storm(server: BareServer, options: Partial<DriverOptions>): Promise<Connected> {
  try {
    const { port, pid: serverPid } = server
    return (await drive({ mode: 'connect', sockets: USERS, port, serverPid, ...options })).connected
  } finally {
    await server.stop()
  }
}

/** The target is for those that are authenticated; how soon they are current is told beside it. */
function judged(results: readonly Connected[]): Pick<Row, 'target' | 'met'> {
  const { median } = runsOf(results.map(({ perSecond }) => perSecond))
  return { target: `≥ ${rate(TARGET_PER_SECOND)}`, met: median >= TARGET_PER_SECOND }
}

function rowOf(name: string, results: readonly Connected[], bare: readonly Connected[]): Row {
  const [own, upgrades] = [
    runsOf(results.map(({ perSecond }) => perSecond)),
    runsOf(bare.map(({ perSecond }) => perSecond)),
  ]
  const p99 = runsOf(results.map((result) => result.p99)).median
  return {
    name,
    figure: rates(own),
    baseline: `bare upgrades ${rates(upgrades)}`,
    ratio: share(own.median / upgrades.median),
    notes:
      `200 at a time, p99 ${p99.toFixed(0)} ms each · ${cpuEach(results).toFixed(3)} ms CPU each ` +
      `(bare ${cpuEach(bare).toFixed(3)}) · ${driverNote(results)}`,
  }
}

/** Milliseconds of the server's CPU per connection. */
function cpuEach(results: readonly Connected[]): number {
  return runsOf(results.map(({ serverCpu, seconds, sockets }) => (serverCpu * seconds * 1_000) / sockets))
    .median
}

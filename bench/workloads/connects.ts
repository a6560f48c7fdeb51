import { must } from '@tam/util'
import { startBunPublish } from '../lib/bare.ts'
import { drive } from '../lib/driver.ts'
import type { Connected, DriverOptions } from '../lib/driver.ts'
import type { Row } from '../lib/report.ts'
import { driverNote, rate, rates, share } from '../lib/report.ts'
import { runsOf } from '../lib/statistics.ts'
import { copySeed, startTam, tamOptions } from '../lib/tam.ts'
import { GROUPS_PER_USER, USERS, communitySeed, readCommunity } from '../seed/community.ts'
import { openOffline } from '../seed/offline.ts'
import type { Member } from '../seed/offline.ts'
import type { Workload } from './workload.ts'

const RUNS = 3
const TARGET_PER_SECOND = 3_000

/** Everybody connects at once, each with a token the server has not seen. */
export const connects: Workload = {
  name: 'connects',
  title: `connect storm: ${USERS.toLocaleString('en-US')} people, ${GROUPS_PER_USER} conversations each`,
  async run(say) {
    const seed = copySeed(await communitySeed(say))
    const { members } = readCommunity(seed.dataDir)
    const sets = await mintSets(seed.dataDir, members, 2 * RUNS)
    const [tam, bun] = [await startTam(seed.dataDir), await startBunPublish()]
    const results = { hello: [] as Connected[], synced: [] as Connected[], bare: [] as Connected[] }
    try {
      for (let run = 0; run < RUNS; run++) {
        results.hello.push(await storm(tam, tamOptions(must(sets[2 * run]), 'hello')))
        results.bare.push(await storm(bun, {}))
        results.synced.push(await storm(tam, tamOptions(must(sets[2 * run + 1]), 'synced')))
      }
    } finally {
      await Promise.all([tam.stop(), bun.stop()])
      seed.dispose()
    }
    const rows = [
      rowOf('authenticated: auth → hello', results.hello, results.bare),
      rowOf('current: auth → hello → sync → ok', results.synced, results.bare),
    ]
    return { rows, raw: results }
  },
}

/** Rows of tokens, devices; a token is used once, so that none was verified before. */
async function mintSets(dataDir: string, members: readonly Member[], count: number): Promise<string[][][]> {
  await using offline = await openOffline(dataDir)
  return Array.from({ length: count }, () =>
    members.map(({ id, sid }, index) => [offline.parts.tokens.issue(id, sid).token, `bench-device-${index}`]),
  )
}

async function storm(
  server: { port: number; pid: number },
  options: Partial<DriverOptions>,
): Promise<Connected> {
  const { connected } = await drive({
    mode: 'connect',
    sockets: USERS,
    port: server.port,
    serverPid: server.pid,
    ...options,
  })
  return connected
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
    target: `≥ ${rate(TARGET_PER_SECOND)}`,
    met: own.median >= TARGET_PER_SECOND,
    notes: `200 at a time, p99 ${p99.toFixed(0)} ms each · ${driverNote(results)}`,
  }
}

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

/** Tokens are new to the server in every storm; so are the people in the first one after a start. */
interface Storms {
  readonly first: Connected
  readonly again: Connected
}

/** Everybody connects at once to a server that has just started and knows nobody, and again when all are gone. */
export const connects: Workload = {
  name: 'connects',
  title: `connect storms: ${USERS.toLocaleString('en-US')} people, ${GROUPS_PER_USER} conversations each`,
  async run(say) {
    const seed = copySeed(await communitySeed(say))
    const { members } = readCommunity(seed.dataDir)
    const results = { hello: [] as Storms[], synced: [] as Storms[], bare: [] as Connected[] }
    try {
      for (let run = 0; run < RUNS; run++) {
        results.hello.push(await stormsOf(seed.dataDir, members, 'hello'))
        results.bare.push(await stormBare())
        results.synced.push(await stormsOf(seed.dataDir, members, 'synced'))
      }
    } finally {
      seed.dispose()
    }
    return { rows: rowsOf(results), raw: results }
  },
}

function rowsOf({
  hello,
  synced,
  bare,
}: Record<'hello' | 'synced', Storms[]> & { bare: Connected[] }): Row[] {
  const row = (name: string, storms: Connected[]) => rowOf(name, storms, bare)
  const firsts = (storms: readonly Storms[]) => storms.map(({ first }) => first)
  const agains = (storms: readonly Storms[]) => storms.map(({ again }) => again)
  return [
    { ...row('auth → hello, server just started', firsts(hello)), ...judged(firsts(hello)) },
    { ...row('auth → hello, server running', agains(hello)), ...judged(agains(hello)) },
    row('auth → hello → sync → ok, just started', firsts(synced)),
    row('auth → hello → sync → ok, running', agains(synced)),
  ]
}

async function stormsOf(dataDir: string, members: readonly Member[], handshake: Handshake): Promise<Storms> {
  // Before the start: while it runs, the database is the server's.
  const logins = [await mintTokens(dataDir, members), await mintTokens(dataDir, members)]
  const [first, again] = logins.map((tokens) =>
    tamOptions(
      tokens.map((token, index) => [token, `bench-device-${index}`]),
      handshake,
    ),
  )
  const server = await startTam(dataDir)
  try {
    return { first: await storm(server, first), again: await storm(server, again) }
  } finally {
    await server.stop()
  }
}

async function stormBare(): Promise<Connected> {
  const server = await startBunPublish()
  try {
    return await storm(server)
  } finally {
    await server.stop()
  }
}

async function storm({ port, pid }: BareServer, options: Partial<DriverOptions> = {}): Promise<Connected> {
  return (await drive({ mode: 'connect', sockets: USERS, port, serverPid: pid, ...options })).connected
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

import { GONE_MS } from '@tam/server/heads/limits.ts'
import { BLOCK } from '@tam/server/messages/entry-cache.ts'
import { must, seededRandom } from '@tam/util'
import { ServerProcess, freePort } from '../../tools/drill/server-process.ts'
import { type Reads, callsBetween, readsOf } from '../fleet/calls.ts'
import { missingForFleet } from '../fleet/engines.ts'
import { GAP, type Missed, appendMissed } from '../fleet/missed.ts'
import { MeasuredFleet } from '../fleet/measured-fleet.ts'
import { size } from '../fleet/sizes.ts'
import { type DriverOptions, hold, type ResumeResult, storm } from '../lib/driver.ts'
import { type Row, driverNote, rate, share, times } from '../lib/report.ts'
import { copySeed, resumeOptions } from '../lib/tam.ts'
import { GROUPS_PER_USER, USERS, communitySeed, readCommunity } from '../seed/community.ts'
import { mintTokens } from '../seed/offline.ts'
import type { Workload } from './workload.ts'

const SOCKETS = size(USERS, 200)
const PER_CORE = 3_000
const POLL_MS = 5
/** Until nobody waits for the dead server's entries any more. */
const SETTLE_MS = GONE_MS + 10_000
/** Some head checks. */
const IDLE_MS = size(12_000, 4_000)

/** Everybody of a killed chat server comes back at once, through HAProxy, to one that has never seen them. */
export const fleetResume: Workload = {
  name: 'fleet-resume',
  title: `resume storm: ${SOCKETS.toLocaleString('en-US')} connections of a chat server killed by -9, ${GROUPS_PER_USER} conversations each; kv = SQLite behind a Unix socket`,
  wholeMachine: true,
  missing: missingForFleet,
  async run(say) {
    await using parts = new AsyncDisposableStack()
    const seed = parts.adopt(copySeed(await communitySeed(say)), ({ dispose }) => dispose())
    const members = readCommunity(seed.dataDir).members.slice(0, SOCKETS)
    const missed = await appendMissed(seed.dataDir, members)
    const tokens = await mintTokens(seed.dataDir, members)
    const script = resumeOptions(tokens, missed)
    const embedded = await restartEmbedded(seed.dataDir, script)
    const fleet = await restartFleet(seed.dataDir, script, say)
    return {
      rows: rowsOf({ ...fleet, embedded, missed }),
      raw: { embedded, ...fleet, missed: { ...missed, held: undefined } },
    }
  },
}

type Script = Partial<DriverOptions>

const common = { mode: 'resume', sockets: SOCKETS } as const

/** One process on embedded engines, killed and started again on the same port. */
async function restartEmbedded(seed: string, script: Script): Promise<ResumeResult> {
  const { dataDir, dispose } = copySeed(seed)
  const port = await freePort(seededRandom(process.pid))
  const start = () => new ServerProcess({ dataDir, port, env: { TAM_LOG_LEVEL: 'warn' } })
  const first = start()
  let second: ServerProcess | undefined
  try {
    await first.ready()
    const { strike } = await storm({ ...common, ...script, port, killPid: first.pid })
    const result = strike()
    while (first.exitCode === null) {
      await Bun.sleep(POLL_MS)
    }
    second = start()
    return await result
  } finally {
    await Promise.all([first.kill(), second?.kill()])
    dispose()
  }
}

interface FleetStorm {
  readonly result: ResumeResult
  readonly parts: Readonly<Record<string, number>>
  readonly reads: Reads
  /** Rows of logs read until the dead server was forgotten. */
  readonly settleReads: number
  /** Rows of logs read a second when all is quiet. */
  readonly idleReads: number
  readonly calls: Readonly<Record<string, number>>
}

async function restartFleet(seed: string, script: Script, say: (line: string) => void): Promise<FleetStorm> {
  await using fleet = await MeasuredFleet.start({ seed, servers: { chat: 2 } })
  const killed = fleet.fleet.server('chat-1')
  const processes = fleet.processes(killed.name)
  const { strike } = await storm({
    ...common,
    ...script,
    port: `${killed.port},${fleet.fleet.haproxy.port}`,
    pids: processes.pids,
    killPid: must(killed.process.pid),
  })
  const before = await fleet.callsOf('chat-2')
  const result = await strike()
  fleet.complaints.forEach(say)
  const after = await fleet.callsOf('chat-2')
  const calls = callsBetween(before, after)
  return {
    ...(await restOf(fleet, script)),
    result,
    parts: Object.fromEntries(processes.byPart(result.cpus)),
    reads: readsOf(calls),
    calls: Object.fromEntries(calls),
  }
}

/** Everybody comes once more and says nothing. */
async function restOf(fleet: MeasuredFleet, script: Script) {
  const held = await hold({ ...script, mode: 'hold', sockets: SOCKETS, port: fleet.fleet.haproxy.port })
  const logRowsIn = async (ms: number) => {
    const before = await fleet.callsOf('chat-2')
    await Bun.sleep(ms)
    return readsOf(callsBetween(before, await fleet.callsOf('chat-2'))).logRows
  }
  const settleReads = await logRowsIn(SETTLE_MS)
  const idleReads = ((await logRowsIn(IDLE_MS)) * 1_000) / IDLE_MS
  await held.release()
  return { settleReads, idleReads }
}

interface Storms extends FleetStorm {
  readonly embedded: ResumeResult
  readonly missed: Missed
}

function rowsOf({ result, parts, reads, settleReads, idleReads, embedded, missed }: Storms): Row[] {
  const { conversations, gaps, blocks } = missed
  const perSecond = SOCKETS / (result.max / 1_000)
  const chat = (parts.chat ?? 0) * result.seconds
  const each = (count: number, of: number) => (count / of).toFixed(2)
  return [
    {
      name: 'all current after the kill',
      figure: seconds(result.max),
      baseline: `one process, started again ${seconds(embedded.max)}`,
      ratio: times(result.max / embedded.max),
      target: `≥ ${PER_CORE / 1_000}k/s a core`,
      met: perSecond >= PER_CORE || SOCKETS / chat >= PER_CORE,
      notes: [
        `50 % after ${seconds(result.p50)}, 99 % after ${seconds(result.p99)} (one process ${seconds(embedded.p50)}, ${seconds(embedded.p99)})`,
        `${perSecond.toFixed(0)} resumes/s`,
        `${result.failed} attempts refused (${embedded.failed})`,
        `last noticed after ${result.lastClosed.toFixed(0)} ms`,
        driverNote([result]),
      ].join(' · '),
    },
    {
      name: 'CPU of a resume',
      figure: `chat server ${((chat / SOCKETS) * 1e3).toFixed(3)} ms`,
      notes: ['store', 'redis', 'haproxy', 'presence', 'api']
        .map((part) => `${part} ${((((parts[part] ?? 0) * result.seconds) / SOCKETS) * 1e3).toFixed(3)}`)
        .join(' · '),
    },
    {
      name: 'scans a user',
      figure: each(reads.userScans, SOCKETS),
      target: '≤ 1',
      met: reads.userScans <= SOCKETS,
      notes: `rows: own ${each(reads.userRows, SOCKETS)}, login ${each(reads.loginRows, SOCKETS)}, conversations and roles ${each(reads.memberRows, SOCKETS)} · commits ${reads.commits}`,
    },
    {
      name: 'windows a newly subscribed conversation',
      figure: each(reads.windows, conversations),
      baseline: `blocks asked for ${each(blocks, conversations)}`,
      ratio: share(reads.windows / blocks),
      target: '≤ 1 a block',
      met: reads.windows <= blocks,
      notes: `${reads.windows} windows for ${conversations} conversations, ${gaps} of them with a gap of ${GAP}; last messages, gaps and counts of unread lie in ${blocks} blocks of ${BLOCK} entries`,
    },
    {
      name: 'heads a log',
      figure: each(reads.heads, conversations + SOCKETS),
      notes: `${reads.heads} newest rows and ${reads.logRows} rows after them, for ${conversations} conversations and ${SOCKETS} own logs; head checks included`,
    },
    {
      name: 'afterwards, while nobody writes',
      figure: `${rate(idleReads)} reads`,
      target: '≤ 0.01 a log',
      met: idleReads <= (conversations + SOCKETS) * 0.01,
      notes: `head checks: ${(idleReads / (conversations + SOCKETS)).toFixed(4)} a second for each of ${conversations + SOCKETS} logs; ${each(settleReads, conversations + SOCKETS)} for each in the ${SETTLE_MS / 1_000} s before, in which the dead server might have left something`,
    },
  ]
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`
}

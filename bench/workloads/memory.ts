import { startBunPublish } from '../lib/bare.ts'
import { drive, hold } from '../lib/driver.ts'
import type { DriverOptions } from '../lib/driver.ts'
import { residentBytes } from '../lib/machine.ts'
import type { Row } from '../lib/report.ts'
import { copySeed, startTam, tamOptions } from '../lib/tam.ts'
import { GROUPS_PER_USER, USERS, communitySeed, readCommunity } from '../seed/community.ts'
import { mintTokens } from '../seed/offline.ts'
import type { Workload } from './workload.ts'

/** Connections that come and go before the first reading, so that code and pools count to the server. */
const WARM_SOCKETS = 500
const SETTLE_MS = 4_000
const IDLE_MS = 20_000
const TARGET_KIB = 6

interface Reading {
  readonly beforeMiB: number
  readonly afterMiB: number
  readonly kibPerConnection: number
  readonly closed: number
}

/**
 * Resident memory of the process per idle connection, each of another person: authenticated, which makes it receive
 * every new entry of its conversations, and after a sync, which fills caches of what was asked for.
 */
export const memory: Workload = {
  name: 'memory',
  title: `process memory: ${USERS.toLocaleString('en-US')} idle connections, ${GROUPS_PER_USER} conversations each`,
  async run(say) {
    const seed = copySeed(await communitySeed(say))
    const { members } = readCommunity(seed.dataDir)
    const tokens = await mintTokens(seed.dataDir, members)
    const rows = tokens.map((token, index) => [token, `bench-device-${index}`])
    try {
      const authenticated = await withServer(() => startTam(seed.dataDir), tamOptions(rows, 'hello'))
      const synced = await withServer(() => startTam(seed.dataDir), tamOptions(rows, 'synced'))
      const bare = await withServer(startBunPublish, {})
      return {
        rows: [
          { ...rowOf('authenticated', authenticated, bare), ...judged(authenticated) },
          rowOf('after a sync', synced, bare),
        ],
        raw: { authenticated, synced, bare },
      }
    } finally {
      seed.dispose()
    }
  },
}

interface Target {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

async function withServer(start: () => Promise<Target>, options: Partial<DriverOptions>): Promise<Reading> {
  const server = await start()
  try {
    const common: DriverOptions = { mode: 'connect', sockets: WARM_SOCKETS, port: server.port, ...options }
    await drive(common)
    await Bun.sleep(SETTLE_MS)
    const before = residentBytes(server.pid)
    const held = await hold({ ...common, sockets: USERS })
    await Bun.sleep(IDLE_MS)
    const after = residentBytes(server.pid)
    return {
      beforeMiB: before / 2 ** 20,
      afterMiB: after / 2 ** 20,
      kibPerConnection: (after - before) / 1_024 / USERS,
      closed: await held.release(),
    }
  } finally {
    await server.stop()
  }
}

function judged({ kibPerConnection, closed }: Reading): Pick<Row, 'target' | 'met'> {
  return { target: `≤ ${TARGET_KIB} KiB`, met: kibPerConnection <= TARGET_KIB && closed === 0 }
}

function rowOf(name: string, tam: Reading, bare: Reading): Row {
  return {
    name,
    figure: `${tam.kibPerConnection.toFixed(2)} KiB`,
    baseline: `bare Bun ${bare.kibPerConnection.toFixed(2)} KiB`,
    ratio: `${(tam.kibPerConnection / bare.kibPerConnection).toFixed(1)} ×`,
    notes:
      `resident ${tam.beforeMiB.toFixed(0)} → ${tam.afterMiB.toFixed(0)} MiB ` +
      `(bare ${bare.beforeMiB.toFixed(0)} → ${bare.afterMiB.toFixed(0)}) after ${IDLE_MS / 1_000} s idle · ` +
      `the kernel's ≈ 4 KiB per socket come on top · closed ${tam.closed}`,
  }
}

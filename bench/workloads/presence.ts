import { DEFAULT_PRESENCE } from '@tam/protocol'
import { MemoryBus } from '@tam/server/ports/bus/bus.memory.ts'
import { MemoryCache } from '@tam/server/ports/cache/cache.memory.ts'
import { MemoryKv } from '@tam/server/ports/kv/kv.memory.ts'
import { Presence } from '@tam/server/presence/presence.ts'
import { startPresenceRole } from '@tam/server/presence/role.ts'
import { seededRandom, systemClock } from '@tam/util'
import type { Row } from '../lib/report.ts'
import type { Workload } from './workload.ts'

/** Connects a second, and as many disconnects. */
const RATE = 1_000
const PEOPLE = 10_000
const WATCHERS = 2_000
/** People on one screen. */
const SCREEN = 30
const SECONDS = 8
const WARM_MS = 3_000
const SLICE_MS = 50
const ROOMS = [200, 1_000, 5_000] as const
/** Of a room's members, those who come or go in one second. */
const ROOM_CHURN = 0.01

interface Measured {
  readonly name: string
  /** Milliseconds of CPU a second. */
  readonly cpuMs: number
  readonly holdsPerSecond: number
  readonly leasesPerSecond: number
  readonly busPerSecond: number
  readonly busBytesPerSecond: number
  readonly framesPerClient: number
  readonly bytesPerClient: number
}

/**
 * Presence by itself: two chat servers and two presence servers in this process, on the engines of one process, without
 * sockets. What the whole of it costs in processes of their own is in `fleet-presence`.
 */
export const presence: Workload = {
  name: 'presence',
  title: `presence by itself: ${PEOPLE} people here, ${RATE} come and ${RATE} go a second`,
  async run(say) {
    say('nobody watches, then everybody does, then rooms of 200, 1,000 and 5,000')
    const idle = await measure({ name: 'nobody comes or goes', people: PEOPLE, rate: 0, watchers: 0 })
    const quiet = await measure({ name: 'nobody watches', people: PEOPLE, rate: RATE, watchers: 0 })
    const watched = await measure({
      name: `${WATCHERS} watch ${SCREEN} people each`,
      people: PEOPLE,
      rate: RATE,
      watchers: WATCHERS,
    })
    const rooms = []
    for (const people of ROOMS) {
      const name = `room of ${people}, 1 % come and go a second`
      rooms.push(await measure({ name, people, rate: people * ROOM_CHURN, watchers: people }))
    }
    return {
      rows: [...[idle, quiet, watched].map(costRow), ...rooms.map(roomRow)],
      raw: { idle, quiet, watched, rooms },
    }
  },
}

interface Plan {
  readonly name: string
  readonly people: number
  readonly rate: number
  readonly watchers: number
}

interface Client {
  frames: number
  bytes: number
}

async function measure({ name, people, rate, watchers }: Plan): Promise<Measured> {
  const random = seededRandom(people)
  const world = await startWorld()
  const clients: Client[] = Array.from({ length: watchers }, () => ({ frames: 0, bytes: 0 }))
  try {
    const ids = Array.from({ length: people + rate }, (_, i) => `person${i.toString(36).padStart(6, '0')}`)
    const chatOf = (id: string) => world.chats[id.charCodeAt(id.length - 1) % 2]
    const come = (id: string) =>
      chatOf(id)?.here(id, { since: systemClock.now(), devices: [{ active: true, conv: null }] })
    const go = (id: string) => chatOf(id)?.gone(id, systemClock.now())
    ids.slice(0, people).forEach(come)
    for (const [i, client] of clients.entries()) {
      const screen = new Set(
        Array.from({ length: SCREEN }, () => ids[Math.floor(random.float() * ids.length)] ?? ''),
      )
      const viewer = { id: `viewer${i}`, isIn: () => false }
      world.chats[i % 2]?.watch(client, viewer, { people: [...screen], visible: screen, convs: [] })
    }
    await Bun.sleep(WARM_MS)
    clients.forEach((client) => Object.assign(client, { frames: 0, bytes: 0 }))
    const before = world.counters()
    const cpu = process.cpuUsage()
    await churn(ids, people, rate, { come, go })
    const used = process.cpuUsage(cpu)
    const after = world.counters()
    const each = (pick: (counters: typeof after) => number) => (pick(after) - pick(before)) / SECONDS
    const perClient = (pick: (client: Client) => number) =>
      watchers === 0 ? 0 : clients.reduce((sum, client) => sum + pick(client), 0) / watchers / SECONDS
    return {
      name,
      cpuMs: (used.user + used.system) / 1_000 / SECONDS,
      holdsPerSecond: each(({ holds }) => holds),
      leasesPerSecond: each(({ leases }) => leases),
      busPerSecond: each(({ messages }) => messages),
      busBytesPerSecond: each(({ bytes }) => bytes),
      framesPerClient: perClient(({ frames }) => frames),
      bytesPerClient: perClient(({ bytes }) => bytes),
    }
  } finally {
    await world.stop()
  }
}

/** Somebody comes as somebody goes: the ids wander through a ring. */
async function churn(
  ids: readonly string[],
  people: number,
  rate: number,
  { come, go }: { readonly come: (id: string) => void; readonly go: (id: string) => void },
): Promise<void> {
  const began = performance.now()
  let done = 0
  while (performance.now() - began < SECONDS * 1_000) {
    const due = Math.floor(((performance.now() - began) / 1_000) * rate)
    for (; done < due; done++) {
      come(ids[(people + done) % ids.length] ?? '')
      go(ids[done % ids.length] ?? '')
    }
    await Bun.sleep(SLICE_MS)
  }
}

async function startWorld() {
  const clock = systemClock
  const random = seededRandom(1)
  const kv = new MemoryKv(clock)
  const counters = { holds: 0, leases: 0, messages: 0, bytes: 0 }
  const memory = new MemoryCache({ clock })
  const cache = {
    held: (groups: readonly string[]) => memory.held(groups),
    hold(leases: Parameters<MemoryCache['hold']>[0], ttlMs: number) {
      counters.holds++
      counters.leases += leases.length
      return memory.hold(leases, ttlMs)
    },
  }
  const topics = new MemoryBus((error) => {
    throw error
  })
  const bus = {
    publish(topic: string, message: string) {
      counters.messages++
      counters.bytes += topic.length + message.length
      topics.publish(topic, message)
    },
    subscribe: topics.subscribe.bind(topics),
    unsubscribe: topics.unsubscribe.bind(topics),
  }
  const createdAt = new Date(0).toISOString()
  const factsOf = async (users: readonly string[]) =>
    new Map(users.map((user) => [user, { settings: DEFAULT_PRESENCE, createdAt }]))
  const role = { clock, random, kv, cache, bus, factsOf, graceMs: 0, logger: { warn() {} } }
  const roles = [await startPresenceRole(role), await startPresenceRole(role)]
  const chats = ['chat-1', 'chat-2'].map(
    (node) =>
      new Presence<Client>({
        clock,
        cache,
        bus,
        node,
        visibleTo: async (_, shown) => new Set(shown),
        deliver(client, users) {
          client.frames++
          client.bytes += JSON.stringify({ t: 'presence', users }).length
          return true
        },
        tell() {},
      }),
  )
  await Promise.all(chats.map((chat) => chat.start()))
  return {
    chats,
    counters: () => ({ ...counters }),
    async stop() {
      chats.forEach((chat) => chat.stop())
      await Promise.all(roles.map((running) => running.stop()))
    },
  }
}

function costRow(measured: Measured): Row {
  const { name, cpuMs, holdsPerSecond, leasesPerSecond, busPerSecond, busBytesPerSecond } = measured
  return {
    name,
    figure: `${cpuMs.toFixed(0)} ms CPU a second`,
    notes:
      `two chat and two presence servers together · ${holdsPerSecond.toFixed(0)} lease writes a second with ` +
      `${leasesPerSecond.toFixed(0)} leases · bus ${busPerSecond.toFixed(0)} messages, ${(busBytesPerSecond / 1_024).toFixed(0)} KiB a second`,
  }
}

function roomRow({ name, cpuMs, framesPerClient, bytesPerClient }: Measured): Row {
  return {
    name,
    figure: `${framesPerClient.toFixed(2)} frames/s a client`,
    target: '≤ 1 at any size',
    met: framesPerClient <= 1.01,
    notes: `everybody watches ${SCREEN} of them · ${bytesPerClient.toFixed(0)} bytes a second and client · ${cpuMs.toFixed(0)} ms CPU a second in all`,
  }
}

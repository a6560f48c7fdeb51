import { encodeEntry } from '@tam/server/log/log.ts'
import { Channels } from '@tam/server/ports/bus/bus.redis.channels.ts'
import { encodePublication } from '@tam/server/ports/bus/bus.redis.publication.ts'
import { topics } from '@tam/server/ports/bus/bus.ts'
import { encodeFeedEvent } from '@tam/server/realtime/entry-feed.ts'
import { must } from '@tam/util'
import { missingForFleet } from '../fleet/engines.ts'
import { MeasuredFleet, type Part, Processes } from '../fleet/measured-fleet.ts'
import { size } from '../fleet/sizes.ts'
import { drive } from '../lib/driver.ts'
import type { DriverOptions, FanoutResult } from '../lib/driver.ts'
import type { Row } from '../lib/report.ts'
import { correctness, driverNote, rate, share, times } from '../lib/report.ts'
import { runsOf } from '../lib/statistics.ts'
import { copySeed, startTam, tamOptions } from '../lib/tam.ts'
import { ROOM_SIZE, communitySeed, readCommunity } from '../seed/community.ts'
import { mintTokens } from '../seed/offline.ts'
import type { Workload } from './workload.ts'

/** 0: nobody writes; what that costs is taken off the other stages. */
const INFLIGHT = [0, 1, 64]
const RUNS = size(2, 1)
/** Entries of a large commit. */
const FULL_FRAME = 16
/** As long as the interval of the head checks, so that every window holds one. */
const SECONDS = size(4, 1)
const SOCKETS = size(ROOM_SIZE, 100)

type Name = 'embedded' | 'one' | 'balanced' | 'two' | 'two, writers on one'

interface Contender {
  readonly name: Name
  readonly processes: Processes
  readonly options: DriverOptions
}

/** CPU of one stage, microseconds per delivery (of the stage without messages: share of a core). */
interface Cost {
  readonly tam: number
  readonly redis: number
  readonly haproxy: number
  readonly store: number
}

type Results = ReadonlyMap<Name, readonly Stage[]>
interface Stage {
  readonly result: FanoutResult
  readonly parts: ReadonlyMap<Part, number>
}

/** What a delivery costs where the room's people are at one server, or at two that hear each other by Redis. */
export const fleetBus: Workload = {
  name: 'fleet-bus',
  title: `crossing the bus: one conversation, ${SOCKETS.toLocaleString('en-US')} sockets, 100 bytes; kv = SQLite behind a Unix socket`,
  missing: missingForFleet,
  async run(say) {
    const seed = await communitySeed(say)
    await using parts = new AsyncDisposableStack()
    const own = parts.adopt(copySeed(seed), ({ dispose }) => dispose())
    const { members, room } = readCommunity(own.dataDir)
    const tokens = await mintTokens(own.dataDir, members.slice(0, SOCKETS))
    const script = tamOptions(tokens.map((token, index) => [token, `bench-device-${index}`, room]))
    const embedded = parts.adopt(await startTam(own.dataDir), (server) => server.stop())
    say('two fleets start: one with one chat server, one with two')
    const one = parts.use(await MeasuredFleet.start({ seed: own.dataDir }))
    const two = parts.use(await MeasuredFleet.start({ seed: own.dataDir, servers: { chat: 2 } }))
    const contend = (
      name: Name,
      port: number | string,
      processes: Processes,
      more?: Partial<DriverOptions>,
    ) => ({
      name,
      processes,
      options: { ...common, ...script, port, pids: processes.pids, ...more },
    })
    const alone = new Processes([{ part: 'chat', pid: embedded.pid }])
    const results = await measure([
      contend('embedded', embedded.port, alone),
      contend('one', one.chatPorts, one.processes()),
      contend('balanced', one.fleet.haproxy.port, one.processes()),
      contend('two', two.chatPorts, two.processes()),
      contend('two, writers on one', two.chatPorts, two.processes(), { senders: SOCKETS / 2 }),
    ])
    return { rows: [...rowsOf(results), ...busRows()], raw: rawOf(results) }
  },
}

const common = {
  mode: 'fanout',
  sockets: SOCKETS,
  inflight: INFLIGHT.join(','),
  warm: 0.3,
  seconds: SECONDS,
} as const satisfies Partial<DriverOptions>

async function measure(contenders: readonly Contender[]): Promise<Results> {
  const results = new Map<Name, Stage[]>()
  for (let run = 0; run < RUNS; run++) {
    for (const { name, options, processes } of contenders) {
      const stages = (await drive<FanoutResult>(options)).results
      const read = stages.map((result) => ({ result, parts: processes.byPart(result.cpus) }))
      results.set(name, [...(results.get(name) ?? []), ...read])
    }
  }
  return results
}

function rowsOf(results: Results): Row[] {
  const of = (name: Name, inflight: number) =>
    must(results.get(name)).filter(({ result }) => result.inflight === inflight)
  const names: Name[] = ['embedded', 'one', 'balanced', 'two', 'two, writers on one']
  const cost = (name: Name, inflight: number) => costOf(of(name, inflight), of(name, 0))
  const loaded = INFLIGHT.filter((inflight) => inflight > 0).flatMap((inflight) =>
    names.map((name) =>
      rowOf(name, of(name, inflight), {
        cost: cost(name, inflight),
        one: cost('one', inflight),
        embedded: cost('embedded', inflight),
      }),
    ),
  )
  return [...loaded, ...names.map((name) => idleRow(name, of(name, 0)))]
}

/** Without what the same processes take when nobody writes. */
function costOf(stages: readonly Stage[], idle: readonly Stage[]): Cost {
  const perDelivery = (pick: readonly Part[]) => {
    const resting = runsOf(idle.map(({ parts }) => sum(parts, pick))).median
    const each = stages.map(({ result, parts }) => ((sum(parts, pick) - resting) / result.perSecond) * 1e6)
    return runsOf(each).median
  }
  return {
    tam: perDelivery(['chat', 'api', 'presence', 'notify', 'store']),
    store: perDelivery(['store']),
    redis: perDelivery(['redis']),
    haproxy: perDelivery(['haproxy']),
  }
}

interface Costs {
  readonly cost: Cost
  readonly one: Cost
  readonly embedded: Cost
}

const TITLES: Record<Name, string> = {
  embedded: 'one process',
  one: 'one chat server',
  balanced: 'one chat server behind HAProxy',
  two: 'two chat servers',
  'two, writers on one': 'two, all writers at one',
}

function rowOf(name: Name, stages: readonly Stage[], { cost, one, embedded }: Costs): Row {
  const results = stages.map(({ result }) => result)
  const median = (pick: (result: FanoutResult) => number) => runsOf(results.map(pick)).median
  const beside = name === 'one' ? embedded : one
  return {
    name: `${TITLES[name]}, ${results[0]?.inflight} in flight`,
    figure: `${cost.tam.toFixed(2)} µs a delivery`,
    ...(name === 'embedded'
      ? {}
      : {
          baseline: `${name === 'one' ? 'one process' : 'one chat server'} ${beside.tam.toFixed(2)} µs`,
          ratio: times(cost.tam / beside.tam),
        }),
    notes: [
      `of it the store's process ${cost.store.toFixed(2)}`,
      `beside it Redis ${cost.redis.toFixed(3)}`,
      ...(name === 'balanced' ? [`HAProxy ${cost.haproxy.toFixed(2)}`] : []),
      `${rate(median(({ perSecond }) => perSecond))} deliveries`,
      `${median(({ perFrame }) => perFrame).toFixed(1)} messages a frame`,
      `to the last p50 ${median(({ p50 }) => p50).toFixed(1)} p99 ${median(({ p99 }) => p99).toFixed(1)} ms`,
      correctness(results),
      driverNote(results),
    ].join(' · '),
  }
}

function idleRow(name: Name, stages: readonly Stage[]): Row {
  const percent = (pick: readonly Part[]) =>
    (runsOf(stages.map(({ parts }) => sum(parts, pick))).median * 100).toFixed(1)
  return {
    name: `${TITLES[name]}, nobody writes`,
    figure: `${percent(['chat'])} % of a core`,
    notes: `chat servers; the store ${percent(['store'])} %, Redis ${percent(['redis'])} %, presence ${percent(['presence'])} %, API ${percent(['api'])} %, HAProxy ${percent(['haproxy'])} %`,
  }
}

/** Bytes of one publication, as they travel; computed from what the server encodes. */
function busRows(): Row[] {
  const rowFor = (entries: number, baseline?: number): [Row, number] => {
    const [published, heard] = publicationBytes(entries)
    const each = heard / entries
    const row: Row = {
      name: `bus message of ${entries === 1 ? 'one entry' : `${entries} entries`}`,
      figure: `${each.toFixed(0)} B an entry`,
      ...(baseline === undefined
        ? {}
        : { baseline: `alone ${baseline.toFixed(0)} B`, ratio: share(each / baseline) }),
      notes: `${published} B to Redis, ${heard} B to every server that hears it, whatever its number of sockets`,
    }
    return [row, each]
  }
  const [alone, bytes] = rowFor(1)
  return [alone, rowFor(FULL_FRAME, bytes)[0]]
}

function publicationBytes(entries: number): [published: number, heard: number] {
  const text = 'x'.repeat(100)
  const common = { id: 'abcdefghijkl', from: '000000000001', cid: '12345678_123_456', text }
  const body = JSON.stringify({ type: 'message', ...common, at: '2026-01-01T00:00:00.000Z' }).slice(1)
  const encoded = Array.from({ length: entries }, (_, i) => encodeEntry(1_000 + i, body))
  const log = 'abcdefghijkl'
  const topic = topics.log(log)
  const payload = encodePublication(topic, encodeFeedEvent(log, 1_000, encoded))
  const channel = new Channels(0, 'partition').of(topic)
  const resp = (...words: string[]) =>
    Buffer.byteLength(
      `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`,
    )
  return [resp('PUBLISH', channel, payload), resp('message', channel, payload)]
}

function sum(parts: ReadonlyMap<Part, number>, pick: readonly Part[]): number {
  return pick.reduce((total, part) => total + (parts.get(part) ?? 0), 0)
}

function rawOf(results: Results): unknown {
  return Object.fromEntries(
    [...results].map(([name, stages]) => [
      name,
      stages.map(({ result, parts }) => ({ ...result, parts: Object.fromEntries(parts) })),
    ]),
  )
}

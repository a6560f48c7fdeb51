import { type TreeResult, simulateTree } from '../simulations/fan-out-tree.ts'
import { BADGE_SECONDS, type ShardingResult, simulateSharding } from '../simulations/topic-sharding.ts'
import { type Row, rate, share, times } from '../lib/report.ts'
import type { Workload } from './workload.ts'

const SEED = 11
/** A copy by a relay that writes to sockets, and by Redis, milliseconds: design/performance.md, section 3. */
const COPY_MS = { relay: 0.006, redis: 0.00054 }
const HOP_MS = 0.5
/** Messages a second in the one conversation. */
const RATE = 50
const TREES = [
  { gateways: 20, degrees: [32] },
  { gateways: 200, degrees: [32] },
  { gateways: 2_000, degrees: [32, 128] },
  { gateways: 20_000, degrees: [32, 128] },
] as const
const PEOPLE = 100_000
const FLEETS = [2, 10, 100, 1_000] as const
const BUS_NODES = 3

/** What cannot be run on one machine: seeded, so that every run says the same. */
export const simulations: Workload = {
  name: 'simulations',
  title: `simulations, seed ${SEED}`,
  async run(say) {
    say(
      `a message to every gateway at ${RATE}/s, ${HOP_MS} ms a hop; ${PEOPLE} people of organisations of 500`,
    )
    const trees = TREES.flatMap(({ gateways, degrees }) => treesOf(gateways, degrees))
    const fleets = FLEETS.map((gateways) => ({ gateways, result: shard(gateways) }))
    const rows = [...trees.map(treeRow), ...fleets.flatMap(shardingRows), deliveriesRow(fleets[0]?.result)]
    return { rows, raw: { trees, fleets } }
  },
}

interface Tree {
  readonly gateways: number
  readonly degree: number
  readonly result: TreeResult
  readonly flat: TreeResult
}

function treesOf(gateways: number, degrees: readonly number[]): Tree[] {
  const options = { seed: SEED, gateways, copyMs: COPY_MS.relay, hopMs: HOP_MS, rate: RATE, messages: 400 }
  const flat = simulateTree({ ...options, degree: gateways })
  return degrees.map((degree) => ({
    gateways,
    degree,
    flat,
    result: simulateTree({ ...options, degree }),
  }))
}

function treeRow({ gateways, degree, result, flat }: Tree): Row {
  const redis = 1_000 / (gateways * COPY_MS.redis)
  return {
    name: `tree of degree ${degree} to ${gateways.toLocaleString('en-US')} gateways`,
    figure: `last ${latencyOf(result)}`,
    baseline: `one node to all ${latencyOf(flat)}`,
    ratio: times(result.p99 / flat.p99),
    notes: [
      `${result.levels} levels, ${result.relays} relays`,
      `busiest node ${share(result.busiest)} of a core (one to all ${share(flat.busiest)}${flat.busiest >= 1 ? ': never done' : ''})`,
      `full at ${rate(result.rateMax)} (one to all ${rate(flat.rateMax)}, Redis to all ${rate(redis)})`,
    ].join(' · '),
  }
}

function latencyOf({ p50, p99, busiest }: TreeResult): string {
  return busiest >= 1 ? 'ever later' : `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms`
}

function shard(gateways: number): ShardingResult {
  return simulateSharding({
    seed: SEED,
    people: PEOPLE,
    organisation: 500,
    gateways,
    busNodes: BUS_NODES,
    messages: 50_000,
    rate: 1 / 60,
  })
}

function shardingRows({ gateways, result }: { gateways: number; result: ShardingResult }): Row[] {
  const { reach, topics, inbound, busiest } = result
  const fleet = `${gateways.toLocaleString('en-US')} gateways`
  const baseline = `partitions: all ${gateways.toLocaleString('en-US')}, ${rate(inbound.broadcast)} each`
  return [
    {
      name: `topics, people anywhere on ${fleet}`,
      figure: `to ${reach.topic.toFixed(1)} gateways`,
      baseline,
      ratio: share(reach.topic / reach.broadcast),
      notes: `${rate(inbound.topic)} reach a gateway · ${topics.topic.toFixed(0)} topics each · busiest of ${BUS_NODES} bus nodes ${times(busiest)} the average`,
    },
    {
      name: `topics, organisations together on ${fleet}`,
      figure: `to ${reach.together.toFixed(1)} gateways`,
      baseline,
      ratio: share(reach.together / reach.broadcast),
      notes: `${rate(inbound.together)} reach a gateway · ${topics.together.toFixed(0)} topics each`,
    },
  ]
}

function deliveriesRow(result: ShardingResult | undefined): Row {
  const { all, open, badges } = result?.deliveries ?? { all: 0, open: 0, badges: 0 }
  return {
    name: 'lazy: entries where open, badges elsewhere',
    figure: `${(open + badges).toFixed(1)} deliveries a message`,
    baseline: `to all members ${all.toFixed(1)}`,
    ratio: share((open + badges) / all),
    notes: `${open.toFixed(2)} have it open; ${badges.toFixed(2)} badges, each person one for all of ${BADGE_SECONDS} s`,
  }
}

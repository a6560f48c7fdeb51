import { type Random, must, seededRandom } from '@tam/util'
import { quantile } from '../lib/statistics.ts'

/*
 * One message of a conversation to every gateway with members of it, from one node to all, or by relays that each serve
 * a few. A node sends one copy after the other; a copy that comes while it is busy waits. The cost of a copy is measured
 * elsewhere and given here, the rest is queueing, which is what a tree is for.
 */

export interface TreeOptions {
  readonly seed: number
  readonly gateways: number
  /** Copies a node sends at most; at least `gateways` for no relays. */
  readonly degree: number
  /** CPU of one copy at a node, milliseconds. */
  readonly copyMs: number
  /** Of one hop, mean milliseconds: half of it fixed, half exponential. */
  readonly hopMs: number
  /** Messages a second, with exponential gaps. */
  readonly rate: number
  readonly messages: number
}

export interface TreeResult {
  readonly levels: number
  readonly relays: number
  /** Milliseconds from the message to the last gateway. */
  readonly p50: number
  readonly p99: number
  /** Share of its time that the busiest node sends. */
  readonly busiest: number
  /** Messages a second at which the busiest node is full. */
  readonly rateMax: number
}

/** A relay or gateway. */
interface Node {
  readonly children: readonly Node[]
  /** Until when it sends what came before. */
  busyUntil: number
}

export function simulateTree(options: TreeOptions): TreeResult {
  const { gateways, degree, copyMs, rate, messages } = options
  const random = seededRandom(options.seed)
  const { root, levels, relays } = plant(gateways, degree)
  const latencies: number[] = []
  let at = 0
  for (let message = 0; message < messages; message++) {
    at += exponential(random, 1_000 / rate)
    latencies.push(spread(root, at, options, random) - at)
  }
  latencies.sort((a, b) => a - b)
  const widest = widestOf(root)
  return {
    levels,
    relays,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    busiest: (widest * copyMs * rate) / 1_000,
    rateMax: 1_000 / (widest * copyMs),
  }
}

/** As few levels as the degree allows, and the copies of a level spread evenly over its nodes. */
function plant(gateways: number, degree: number): { root: Node; levels: number; relays: number } {
  let level: Node[] = Array.from({ length: gateways }, () => ({ children: [], busyUntil: 0 }))
  let levels = 1
  let relays = 0
  for (; level.length > degree; levels++) {
    const parents = Math.ceil(level.length / degree)
    const children = level
    level = Array.from({ length: parents }, (_, i) => ({
      children: children.filter((_child, index) => index % parents === i),
      busyUntil: 0,
    }))
    relays += parents
  }
  return { root: { children: level, busyUntil: 0 }, levels, relays }
}

/** @returns when the last gateway below has it */
function spread(node: Node, arrival: number, { copyMs, hopMs }: TreeOptions, random: Random): number {
  let last = arrival
  const waiting: [Node, number][] = [[node, arrival]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [sender, at] = next
    let free = Math.max(at, sender.busyUntil)
    for (const child of sender.children) {
      free += copyMs
      const there = free + hopMs / 2 + exponential(random, hopMs / 2)
      if (child.children.length > 0) {
        waiting.push([child, there])
      } else {
        last = Math.max(last, there)
      }
    }
    sender.busyUntil = free
  }
  return last
}

function widestOf(root: Node): number {
  let widest = 0
  const nodes = [root]
  while (nodes.length > 0) {
    const { children } = must(nodes.pop())
    widest = Math.max(widest, children.length)
    nodes.push(...children.filter((child) => child.children.length > 0))
  }
  return widest
}

function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random.float()) * mean
}

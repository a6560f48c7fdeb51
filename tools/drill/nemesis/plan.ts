import { must } from '@tam/util'
import type { Random } from '@tam/util'
import type { Direction } from './tcp-proxy.ts'

/** A path that a proxy stands on. */
export type LinkName = 'front' | 'redis' | 'store'

/** One thing that goes wrong, as data: a seed gives the same ones again. */
export type Fault =
  /** `kill -9`, and a start at the end. */
  | { readonly kind: 'kill'; readonly target: string }
  /** SIGSTOP, and SIGCONT at the end. */
  | { readonly kind: 'pause'; readonly target: string }
  /** SIGTERM to a server, and a start at the end. */
  | { readonly kind: 'drain'; readonly target: string }
  /** FLUSHALL. */
  | { readonly kind: 'flush'; readonly target: 'redis' }
  /** The wall clock of a server jumps, and back at the end. */
  | { readonly kind: 'clock'; readonly target: string; readonly byMs: number }
  | {
      readonly kind: 'blackhole' | 'stall'
      readonly target: string
      readonly link: LinkName
      readonly directions: readonly Direction[]
    }
  | { readonly kind: 'latency'; readonly target: string; readonly link: LinkName; readonly ms: number }
  | { readonly kind: 'reset'; readonly target: string; readonly link: LinkName }
  | {
      readonly kind: 'half-close'
      readonly target: string
      readonly link: LinkName
      readonly direction: Direction
    }
  | {
      readonly kind: 'cut'
      readonly target: string
      readonly link: LinkName
      readonly bytes: number
      readonly direction: Direction
    }

export interface PlannedFault {
  /** Milliseconds from the start of the plan. */
  readonly atMs: number
  readonly lastsMs: number
  readonly fault: Fault
}

/** What there is to harm. */
export interface Targets {
  /** One that is named twice is chosen twice as often. */
  readonly servers: readonly string[]
  /** Names of the store's processes: one with a SQLite file, or the nodes of a cluster. */
  readonly stores: readonly string[]
  readonly links: readonly LinkName[]
  /** Whether the clocks of servers can be moved. */
  readonly clocks: boolean
}

export interface PlanOptions {
  readonly targets: Targets
  readonly random: Random
  readonly lengthMs: number
}

/** Milliseconds before the first fault and between the beginnings of two. */
const CALM_MS = 8_000
const BETWEEN_MS = { min: 800, max: 6_000 }
/** Milliseconds a target is left alone after a fault. */
const REST_MS = 3_000
const TRIES = 20

type Range = readonly [min: number, max: number]
interface Kind {
  readonly weight: number
  readonly lastsMs: Range
  make(targets: Targets, pick: Picker): Fault | undefined
}

const BOTH: readonly Direction[] = ['up', 'down']

const KINDS: readonly Kind[] = [
  { weight: 6, lastsMs: [500, 4_000], make: (t, p) => ({ kind: 'kill', target: p.one(t.servers) }) },
  // Beyond 10 s a server must know by itself that it is a zombie.
  { weight: 5, lastsMs: [1_000, 14_000], make: (t, p) => ({ kind: 'pause', target: p.one(t.servers) }) },
  { weight: 3, lastsMs: [500, 2_000], make: (t, p) => ({ kind: 'drain', target: p.one(t.servers) }) },
  { weight: 2, lastsMs: [1_000, 8_000], make: () => ({ kind: 'kill', target: 'redis' }) },
  { weight: 2, lastsMs: [1_000, 8_000], make: () => ({ kind: 'pause', target: 'redis' }) },
  { weight: 2, lastsMs: [100, 100], make: () => ({ kind: 'flush', target: 'redis' }) },
  { weight: 2, lastsMs: [500, 3_000], make: (t, p) => ({ kind: 'kill', target: p.one(t.stores) }) },
  { weight: 2, lastsMs: [1_000, 6_000], make: (t, p) => ({ kind: 'pause', target: p.one(t.stores) }) },
  {
    weight: 6,
    lastsMs: [1_000, 10_000],
    make: (t, p) => ({ kind: 'blackhole', ...p.link(t), directions: p.one([BOTH, ['up'], ['down']]) }),
  },
  {
    weight: 3,
    lastsMs: [1_000, 8_000],
    make: (t, p) => ({ kind: 'stall', ...p.link(t), directions: p.one([BOTH, ['up'], ['down']]) }),
  },
  {
    weight: 3,
    lastsMs: [3_000, 10_000],
    make: (t, p) => ({ kind: 'latency', ...p.link(t), ms: p.between([20, 300]) }),
  },
  { weight: 3, lastsMs: [100, 100], make: (t, p) => ({ kind: 'reset', ...p.link(t) }) },
  {
    weight: 1,
    lastsMs: [100, 100],
    make: (t, p) => ({ kind: 'half-close', ...p.link(t), direction: p.one(BOTH) }),
  },
  {
    weight: 2,
    lastsMs: [500, 500],
    make: (t, p) => ({ kind: 'cut', ...p.link(t), bytes: p.between([1, 5_000]), direction: p.one(BOTH) }),
  },
  {
    weight: 2,
    lastsMs: [2_000, 10_000],
    make: (t, p) =>
      t.clocks
        ? { kind: 'clock', target: p.one(t.servers), byMs: p.one([-3_600_000, -30_000, 30_000, 3_600_000]) }
        : undefined,
  },
]

/** A schedule of faults, some of them at the same time, never two on one target. */
export function planFaults({ targets, random, lengthMs }: PlanOptions): PlannedFault[] {
  const pick = new Picker(random)
  const plan: PlannedFault[] = []
  const busyUntil = new Map<string, number>()
  for (let atMs = CALM_MS; atMs < lengthMs; atMs += pick.between([BETWEEN_MS.min, BETWEEN_MS.max])) {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const kind = pick.weighted(KINDS)
      const fault = kind.make(targets, pick)
      const lastsMs = pick.between(kind.lastsMs)
      if (fault === undefined || (busyUntil.get(fault.target) ?? 0) > atMs || atMs + lastsMs > lengthMs) {
        continue
      }
      busyUntil.set(fault.target, atMs + lastsMs + REST_MS)
      plan.push({ atMs, lastsMs, fault })
      break
    }
  }
  return plan
}

/** `blackhole chat-1 ↔ redis, up`. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'kill':
    case 'pause':
    case 'drain':
    case 'flush':
      return `${fault.kind} ${fault.target}`
    case 'clock':
      return `clock ${fault.target} ${fault.byMs > 0 ? '+' : ''}${fault.byMs / 1_000} s`
    case 'latency':
      return `${pathOf(fault)} ${fault.ms} ms late`
    case 'reset':
      return `reset ${pathOf(fault)}`
    case 'half-close':
      return `half-close ${pathOf(fault)} ${fault.direction}`
    case 'cut':
      return `cut ${pathOf(fault)} ${fault.direction} +${fault.bytes} B`
    default:
      return `${fault.kind} ${pathOf(fault)}${fault.directions.length === 1 ? ` ${fault.directions.join()}` : ''}`
  }
}

function pathOf({ target, link }: { readonly target: string; readonly link: LinkName }): string {
  return link === 'front' ? `haproxy-${target}` : `${target}-${link}`
}

class Picker {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  one<T>(items: readonly T[]): T {
    return must(items[Math.floor(this.#random.float() * items.length)])
  }

  /** A whole number. */
  between([min, max]: Range): number {
    return Math.round(min + this.#random.float() * (max - min))
  }

  weighted<T extends { readonly weight: number }>(items: readonly T[]): T {
    let left = this.#random.float() * items.reduce((sum, { weight }) => sum + weight, 0)
    return items.find(({ weight }) => (left -= weight) < 0) ?? must(items[0])
  }

  link({ servers, links }: Targets): { target: string; link: LinkName } {
    const target = this.one(servers)
    // Nobody connects to a presence server.
    const reached = target.startsWith('presence') ? links.filter((link) => link !== 'front') : links
    return { target, link: this.one(reached) }
  }
}

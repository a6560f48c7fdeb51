import { FakeClock } from '@tam/testkit'
import { type Clock, must, type Random } from '@tam/util'
import pino from 'pino'
import { createHeads, type Heads } from '../../heads/heads.ts'
import { type ListedServer, listServers } from '../../heads/server-list.ts'
import { MemoryBus } from '../../ports/bus/bus.memory.ts'
import type { Bus, BusHandler } from '../../ports/bus/bus.ts'
import { MemoryKv } from '../../ports/kv/kv.memory.ts'
import { UnknownOutcome } from '../../ports/kv/kv.ts'
import { publishEntries } from '../entry-feed.ts'
import { Canary } from '../hub/canary.ts'
import { Flusher } from '../hub/flusher.ts'
import { HeadCheck } from '../hub/head-check.ts'
import { Held } from '../hub/held.ts'
import { Rooms } from '../hub/rooms.ts'
import { ToldHeads, type ToldHeadsDeps } from '../hub/told-heads.ts'
import { Windows } from '../hub/windows.ts'

const LOGS = ['nhom-1', 'nhom-2', 'nhom-3', 'nhom-4']
const STEP_MS = 100
const LATENCY_MS = 5
const logger = pino({ level: 'silent' })

/** What is wrong on purpose. */
export type Broken = Partial<Pick<ToldHeadsDeps, 'onHead' | 'onDoubt' | 'onGap'>> & {
  /** What becomes of the list of servers. */
  readonly list?: (servers: Map<string, ListedServer>) => Map<string, ListedServer>
}

/** A process: a wire to the bus that may be cut either way, and timers that stand still while it does. */
class Node {
  readonly name: string
  readonly heads: Heads
  readonly bus: Bus
  speaks = true
  hears = true
  runs = true
  readonly clock: Clock
  readonly #missed: (() => void)[] = []
  readonly #handlers = new MemoryBus((error) => {
    throw error
  })

  constructor(name: string, world: HeadsWorld) {
    const { clock } = world
    this.name = name
    const guarded = (fn: () => void) => () => void (this.runs ? fn() : this.#missed.push(fn))
    this.clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (ms, fn) => clock.after(ms, guarded(fn)),
      every: (ms, fn) => clock.every(ms, guarded(fn)),
    }
    this.bus = {
      isLossless: false,
      isConnected: true,
      dropped: 0,
      publish: (topic, message) => this.speaks && this.runs && world.carry(topic, message),
      subscribe: (topic, handler: BusHandler) => this.#handlers.subscribe(topic, handler),
      unsubscribe: (topic, handler) => this.#handlers.unsubscribe(topic, handler),
      onDiscontinuity: () => () => {},
      close: async () => {},
    }
    this.heads = createHeads({ clock: this.clock, logger, bus: this.bus, kv: world.kv, node: name })
  }

  async start(): Promise<void> {
    await this.heads.registration.join()
    await this.heads.service.start?.(new AbortController().signal)
  }

  hear(topic: string, message: string): void {
    if (this.hears && this.runs) {
      this.#handlers.publish(topic, message)
    }
  }

  /** What was due meanwhile happens at once. */
  resume(): void {
    this.runs = true
    this.#missed.splice(0).forEach((fn) => fn())
  }
}

/** Servers that append, and one that follows, over a bus that loses. Time passes in steps. */
export class HeadsWorld {
  readonly clock = new FakeClock()
  readonly kv = new MemoryKv(this.clock)
  readonly logs = new Map<string, { readonly entry: string; readonly at: number }[]>(
    LOGS.map((log) => [log, []]),
  )
  /** Reads of heads and entries by the follower. */
  reads = 0
  /** The longest that an entry was not seen by the follower, milliseconds. */
  worstMs = 0
  loss = 0
  nodes: Node[] = []
  readonly #random: Random
  readonly #follower: Node
  readonly #rooms: Rooms
  readonly #check: HeadCheck
  #born = 0

  constructor(random: Random, broken: Broken = {}) {
    this.#random = random
    this.#follower = new Node('follower', this)
    this.nodes = [this.#follower]
    const { clock, bus } = this.#follower
    const windows = new Windows()
    const held = new Held()
    this.#rooms = new Rooms({
      clock,
      logger,
      bus,
      windows,
      held,
      flusher: new Flusher({ clock, held, publish: () => {}, defer: () => {} }),
      log: {
        head: async (log) => this.#log(log).length,
        read: async (log, from, to) => {
          this.reads++
          return this.#log(log)
            .slice(from - 1, to)
            .map(({ entry }) => entry)
        },
      },
      onBehind: ({ id }) => this.#check.doubtLater(id),
      onControl: () => {},
      onJump: () => {},
    })
    const canary = new Canary({ clock, bus, node: 'follower' })
    const told = new ToldHeads({
      clock,
      bus,
      node: 'follower',
      servers: async () => {
        const list = await listServers(this.kv)
        return broken.list?.(list) ?? list
      },
      onHead: (log, seq) => this.#rooms.hear(log, seq),
      onDoubt: (log) => this.#check.doubt(log),
      onGap: () => this.#check.soon(),
      ...broken,
    })
    this.#check = new HeadCheck({
      clock,
      random,
      logger,
      bus,
      rooms: this.#rooms,
      log: {
        head: async (log) => {
          this.reads++
          return this.#log(log).length
        },
      },
      isBusHealthy: () => canary.isHealthy,
      hearsAll: () => told.hearsAll(),
    })
    void canary.start()
    void told.start()
    this.#check.start()
  }

  async start(others: number): Promise<void> {
    await this.#follower.start()
    for (const log of LOGS) {
      await this.#rooms.opened(this.#rooms.acquire(log))
    }
    for (let i = 0; i < others; i++) {
      await this.startNode()
    }
  }

  /** @param speaks false: cut off from the bus from the beginning */
  async startNode(speaks = true): Promise<void> {
    const node = new Node(`n${++this.#born}`, this)
    node.speaks = speaks
    this.nodes.push(node)
    await node.start()
  }

  /** The servers but the follower, of which one can go wrong. */
  get others(): readonly Node[] {
    return this.nodes.slice(1)
  }

  get follower(): Node {
    return this.#follower
  }

  carry(topic: string, message: string): void {
    for (const node of this.nodes) {
      if (this.#random.float() >= this.loss) {
        this.clock.after(LATENCY_MS, () => node.hear(topic, message))
      }
    }
  }

  /** Lets time pass, and looks how long what is unseen has been there. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.clock.advance(STEP_MS)
      await new Promise<void>((resolve) => setImmediate(resolve))
      for (const id of LOGS) {
        const unseen = this.#log(id)[must(this.#rooms.get(id)).next - 1]
        this.worstMs = Math.max(this.worstMs, unseen === undefined ? 0 : this.clock.monotonic() - unseen.at)
      }
    }
  }

  /** A commit that is told. */
  append(node: Node): void {
    const log = this.#anyLog()
    const [seq, entry] = this.#store(log)
    this.#tell(node, log, seq, entry)
  }

  /** The server dies after the commit, before anybody was told. */
  crash(node: Node): void {
    this.#store(this.#anyLog())
    this.kill(node)
  }

  /** The server ends in good order; what it waits for from the store it learns no more. */
  async leave(node: Node): Promise<void> {
    await node.heads.service.stop?.()
    this.clock.advance(LATENCY_MS)
    this.kill(node)
  }

  kill(node: Node): void {
    node.runs = false
    this.nodes = this.nodes.filter((other) => other !== node)
  }

  /** A commit without an answer, which applies after `ms`. */
  appendUnknown(node: Node, ms: number): void {
    const log = this.#anyLog()
    this.#commit(node, log, async () => {
      this.clock.after(ms, () => void this.#store(log))
      throw new UnknownOutcome('lost')
    })
  }

  /** A commit that applies at once and is answered, and told, after `ms`. */
  appendSlow(node: Node, ms: number): void {
    const log = this.#anyLog()
    this.#commit(node, log, async () => {
      const [seq, entry] = this.#store(log)
      await new Promise<void>((resolve) => void this.clock.after(ms, resolve))
      this.#tell(node, log, seq, entry)
      return { committed: true, rev: '' }
    })
  }

  #commit(node: Node, log: string, commit: MemoryKv['commit']): void {
    const kv = node.heads.doubts.watch(Object.assign(new MemoryKv(this.clock), { commit }))
    kv.commit(`log/${log}/0`, {}).catch(() => {})
  }

  #store(log: string): [seq: number, entry: string] {
    const entries = this.#log(log)
    const entry = `{"seq":${entries.length + 1},"type":"message"}`
    return [entries.push({ entry, at: this.clock.monotonic() }), entry]
  }

  #tell(node: Node, log: string, seq: number, entry: string): void {
    if (node.runs) {
      publishEntries(node.bus, log, seq, [entry])
      node.heads.teller.committed(log, seq)
    }
  }

  #log(id: string) {
    return must(this.logs.get(id))
  }

  #anyLog(): string {
    return must(LOGS[Math.floor(this.#random.float() * LOGS.length)])
  }
}

import { must } from '@tam/util'
import type { ChildProcess } from '../../fleet/child-process.ts'
import type { Fleet } from '../../fleet/fleet.ts'
import type { Role } from '../../fleet/role-server.ts'
import type { Recorder } from '../recorder.ts'
import type { Clocks } from './clocks.ts'
import { type Fault, type LinkName, type PlannedFault, type Targets, describeFault } from './plan.ts'
import type { TcpProxy } from './tcp-proxy.ts'

/** Milliseconds between two looks for servers that have ended by themselves. */
const SUPERVISE_MS = 500
/** Milliseconds for everything to work again after the last fault. */
const RECOVER_MS = 90_000
const POLL_MS = 50
const STORE = 'store'
/** How often a server is chosen, relative to the others: messages go through some more than others. */
const ATTENTION: Readonly<Record<Role, number>> = { chat: 4, api: 3, presence: 1, notify: 1 }

export interface NemesisOptions {
  readonly fleet: Fleet
  readonly recorder: Recorder
  readonly clocks: Clocks | undefined
}

/** Undoes a fault. */
type End = () => void | Promise<void>

/** Lets faults happen to a fleet, and restarts what ends by itself, as any supervisor would. */
export class Nemesis {
  readonly #options: NemesisOptions
  readonly #strikes = new Set<Promise<void>>()
  /** Down on purpose. */
  readonly #down = new Set<string>()
  readonly #ended = new Map<string, number>()
  /** Nodes of the store under a fault: one that was killed needs longer to come back than any plan foresees. */
  readonly #struckNodes = new Set<string>()
  readonly #failures: string[] = []
  #healing = new AbortController()
  readonly #supervision: Timer

  constructor(options: NemesisOptions) {
    this.#options = options
    this.#supervision = setInterval(() => this.#supervise(), SUPERVISE_MS)
  }

  get targets(): Targets {
    const { servers, store } = this.#options.fleet
    return {
      servers: servers.flatMap(({ role, name }) => Array.from({ length: ATTENTION[role] }, () => name)),
      stores:
        store.engine === 'sqlite'
          ? [STORE]
          : Array.from({ length: store.nodes }, (_, node) => `cassandra-${node + 1}`),
      links: store.engine === 'sqlite' ? ['front', 'redis', 'store'] : ['front', 'redis'],
      clocks: this.#options.clocks !== undefined,
    }
  }

  /** Servers that ended without being told to, with how often. */
  get ended(): ReadonlyMap<string, number> {
    return this.#ended
  }

  /** Faults that could not be made or undone, one each. */
  get failures(): readonly string[] {
    return this.#failures
  }

  /** Resolves after the last fault has begun. */
  async run(plan: readonly PlannedFault[], say: (line: string) => void): Promise<void> {
    const start = performance.now()
    for (const { atMs, lastsMs, fault } of plan) {
      await this.#sleep(atMs - (performance.now() - start))
      const isLeftOut = this.#struckNodes.has(fault.target)
      say(`${describeFault(fault)}${isLeftOut ? ' (left out: it has not come back yet)' : ''}`)
      if (!isLeftOut) {
        this.begin(fault, lastsMs)
      }
    }
  }

  /** Without an end it lasts until everything heals. */
  begin(fault: Fault, lastsMs = Infinity): void {
    const strike = this.#strike(fault, lastsMs)
      .catch((error: unknown) => void this.#failures.push(`${describeFault(fault)}: ${String(error)}`))
      .finally(() => {
        this.#strikes.delete(strike)
        this.#struckNodes.delete(fault.target)
      })
    this.#strikes.add(strike)
    if (isNode(fault.target)) {
      this.#struckNodes.add(fault.target)
    }
  }

  /** Ends all faults; servers may need a while until they are ready. */
  async release(): Promise<void> {
    this.#healing.abort()
    await Promise.all(this.#strikes)
    this.#healing = new AbortController()
  }

  /** Ends all faults; resolves when every server is ready again. @throws when one does not get ready */
  async heal(): Promise<void> {
    await this.release()
    const { servers, store } = this.#options.fleet
    if (store.engine === 'cassandra') {
      // Nothing is done about those that run.
      await Promise.all(Array.from({ length: store.nodes }, (_, node) => store.cluster.start(node)))
    }
    await Promise.all(servers.map(({ name }) => this.#recovered(name)))
  }

  stop(): void {
    clearInterval(this.#supervision)
  }

  async #strike(fault: Fault, lastsMs: number): Promise<void> {
    const { recorder } = this.#options
    const at = recorder.now()
    const end = await this.#harm(fault)
    await this.#sleep(lastsMs)
    await end()
    recorder.add({ type: 'fault', at, until: recorder.now(), name: describeFault(fault) })
  }

  async #harm(fault: Fault): Promise<End> {
    switch (fault.kind) {
      case 'kill':
        return this.#kill(fault.target)
      case 'pause':
        return this.#pause(fault.target)
      case 'drain':
        return this.#drain(fault.target)
      case 'flush':
        await this.#options.fleet.redis.flush().catch(() => {})
        return () => {}
      case 'clock': {
        const { clocks } = this.#options
        clocks?.set(fault.target, fault.byMs)
        return () => clocks?.set(fault.target, 0)
      }
      default:
        return harmLink(this.#link(fault.target, fault.link), fault)
    }
  }

  async #kill(target: string): Promise<End> {
    const { redis, store } = this.#options.fleet
    if (target === 'redis') {
      await redis.kill()
      return () => redis.start()
    }
    if (store.engine === 'cassandra' && isNode(target)) {
      await store.cluster.kill(nodeOf(target))
      return () => store.cluster.start(nodeOf(target))
    }
    this.#down.add(target)
    await this.#process(target).kill()
    return () => this.#start(target)
  }

  #pause(target: string): End {
    const { redis, store } = this.#options.fleet
    if (target === 'redis') {
      redis.pause()
      return () => redis.resume()
    }
    if (store.engine === 'cassandra' && isNode(target)) {
      store.cluster.pause(nodeOf(target))
      return () => store.cluster.resume(nodeOf(target))
    }
    this.#process(target).pause()
    return () => this.#process(target).resume()
  }

  async #drain(target: string): Promise<End> {
    this.#down.add(target)
    await this.#process(target).stop()
    return () => this.#start(target)
  }

  #start(target: string): void {
    this.#process(target).start()
    this.#down.delete(target)
  }

  #supervise(): void {
    const { servers, store } = this.#options.fleet
    const processes = servers.map(({ name, process }) => [name, process] as const)
    const all = store.engine === 'sqlite' ? [...processes, [STORE, store.process] as const] : processes
    for (const [name, process] of all) {
      if (!process.isRunning && !this.#down.has(name)) {
        this.#ended.set(name, (this.#ended.get(name) ?? 0) + 1)
        process.start()
      }
    }
  }

  async #recovered(name: string): Promise<void> {
    const server = this.#options.fleet.server(name)
    const deadline = performance.now() + RECOVER_MS
    while (!(await server.isReady())) {
      if (performance.now() > deadline) {
        throw new Error(
          `${name} is not ready ${RECOVER_MS / 1_000} s after the last fault:\n${server.process.log}`,
        )
      }
      await Bun.sleep(POLL_MS)
    }
  }

  #process(target: string): ChildProcess {
    const { fleet } = this.#options
    return target === STORE && fleet.store.engine === 'sqlite'
      ? fleet.store.process
      : fleet.server(target).process
  }

  #link(target: string, link: LinkName): TcpProxy {
    return must(this.#options.fleet.server(target).links[link], `${target} has a proxy on its path`)
  }

  /** Cut short by healing. */
  async #sleep(ms: number): Promise<void> {
    const { signal } = this.#healing
    if (ms <= 0 || signal.aborted) {
      return
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = ms === Infinity ? undefined : setTimeout(resolve, ms)
    signal.addEventListener('abort', () => resolve(), { once: true })
    await promise
    clearTimeout(timer)
  }
}

function harmLink(link: TcpProxy, fault: Fault & { readonly link: LinkName }): End {
  switch (fault.kind) {
    case 'blackhole':
      link.set({ kind: 'blackholed' }, fault.directions)
      break
    case 'stall':
      link.set({ kind: 'stalled' }, fault.directions)
      break
    case 'latency':
      link.set({ kind: 'open', latencyMs: fault.ms })
      break
    case 'reset':
      link.reset()
      break
    case 'half-close':
      link.halfClose(fault.direction)
      break
    case 'cut':
      link.cutAfter(fault.bytes, fault.direction)
      break
  }
  return () => link.heal()
}

function isNode(target: string): boolean {
  return target.startsWith('cassandra-')
}

function nodeOf(target: string): number {
  return Number(target.slice('cassandra-'.length)) - 1
}

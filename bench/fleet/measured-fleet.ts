import { join } from 'node:path'
import { must } from '@tam/util'
import { Fleet, type FleetOptions } from '../../tools/fleet/fleet.ts'
import type { Role } from '../../tools/fleet/role-server.ts'
import { onServerCore } from '../lib/machine.ts'
import { copySeed } from '../lib/tam.ts'

const LOG_TAIL = 800
const SERVE = new URL('./serve.ts', import.meta.url).pathname

/** Roles, and what stands beside them. */
export type Part = Role | 'store' | 'redis' | 'haproxy'

export interface MeasuredFleetOptions {
  /** Data directory to start from; copied. */
  readonly seed: string
  readonly servers?: Partial<Record<Role, number>>
  readonly hasPresence?: boolean
}

/** A fleet on SQLite behind its own process, whose processes are measured one by one. */
export class MeasuredFleet implements AsyncDisposable {
  readonly fleet: Fleet
  readonly dataDir: string
  readonly #dispose: () => void

  private constructor(fleet: Fleet, dataDir: string, dispose: () => void) {
    this.fleet = fleet
    this.dataDir = dataDir
    this.#dispose = dispose
  }

  static async start({ seed, servers, hasPresence = true }: MeasuredFleetOptions): Promise<MeasuredFleet> {
    const copy = copySeed(seed)
    const options: FleetOptions = {
      store: { engine: 'sqlite' },
      directory: copy.dataDir,
      program: [SERVE],
      servers: { api: 1, chat: 1, presence: 1, notify: 0, ...servers },
      env: { TAM_RATE_LIMIT_SCALE: '1000000', ...(hasPresence ? {} : { BENCH_NO_PRESENCE: '1' }) },
      envOf: (name) => ({ BENCH_COUNTS: countsPath(copy.dataDir, name) }),
    }
    try {
      const fleet = await onServerCore(() => Fleet.start(options))
      return new MeasuredFleet(fleet, copy.dataDir, copy.dispose)
    } catch (error) {
      copy.dispose()
      throw error
    }
  }

  /** Ports of the chat servers, past HAProxy. */
  get chatPorts(): string {
    return this.fleet
      .of('chat')
      .map(({ port }) => port)
      .join(',')
  }

  /** Every process and what it is part of; a server that is about to be killed is left out. */
  processes(withoutServer?: string): Processes {
    const { servers, store, redis, haproxy } = this.fleet
    const of = (part: Part, pid: number | undefined) => ({ part, pid: must(pid, `${part} does not run`) })
    return new Processes([
      ...servers
        .filter(({ name }) => name !== withoutServer)
        .map(({ role, process }) => of(role, process.pid)),
      ...(store.engine === 'sqlite' ? [of('store', store.process.pid)] : []),
      of('redis', redis.pid),
      of('haproxy', haproxy.pid),
    ])
  }

  /** The ends of the logs of servers that logged errors. */
  get complaints(): readonly string[] {
    return this.fleet.servers.flatMap(({ name, process: { log } }) =>
      log.includes('"level":50') ? [`! ${name} logged errors: ${log.slice(-LOG_TAIL)}`] : [],
    )
  }

  /** Calls of the store by a server since its start. */
  async callsOf(server: string): Promise<ReadonlyMap<string, number>> {
    const reply = await fetch('http://counts/', { unix: countsPath(this.dataDir, server) })
    return new Map(Object.entries((await reply.json()) as Record<string, number>))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.fleet[Symbol.asyncDispose]()
    this.#dispose()
  }
}

function countsPath(directory: string, server: string): string {
  return join(directory, `${server}.counts`)
}

/** Processes in a fixed order: that in which the driver tells their CPU. */
export class Processes {
  readonly #all: readonly { readonly part: Part; readonly pid: number }[]

  constructor(all: readonly { readonly part: Part; readonly pid: number }[]) {
    this.#all = all
  }

  /** For the driver's option. */
  get pids(): string {
    return this.#all.map(({ pid }) => pid).join(',')
  }

  /** The sum of a figure over the processes of each part. */
  byPart(figures: readonly number[]): Map<Part, number> {
    const sums = new Map<Part, number>()
    for (const [index, { part }] of this.#all.entries()) {
      sums.set(part, (sums.get(part) ?? 0) + (figures[index] ?? 0))
    }
    return sums
  }
}

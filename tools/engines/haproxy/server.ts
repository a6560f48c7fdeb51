import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../run.ts'
import { Daemon } from '../balancers/daemon.ts'
import { debianProgram } from '../debian-package.ts'
import { freePort } from '../redis/free-port.ts'
import { RuntimeApi, type ServerState } from './runtime-api.ts'

/** The configuration that is deployed, unchanged. */
export const HAPROXY_CONFIG = join(root, 'deploy/haproxy.cfg')
/** Servers of one kind that `deploy/haproxy.cfg` has places for. */
const SERVERS_MAX = 4
const CHECK = 'check inter 1s fastinter 500ms downinter 1s fall 2 rise 2'
const POLL_MS = 20
const UP_MS = 10_000

export type Role = 'api' | 'chat' | 'notify'

export interface HaproxyOptions {
  /** Ports of 127.0.0.1, at most 4 of each kind; those where nobody listens yet are used once they are ready. */
  readonly api: readonly number[]
  readonly chat: readonly number[]
  readonly notify?: readonly number[]
  /** Where clients connect; a free one when absent. */
  readonly port?: number
  /** Whether to keep what it logs, a line for each request. */
  readonly logs?: boolean
  /** Further settings of `deploy/haproxy.cfg`, by their LB_ names. */
  readonly env?: Readonly<Record<string, string>>
}

/** HAProxy with `deploy/haproxy.cfg` on 127.0.0.1. Ends by `await using` or with the process that started it. */
export class Haproxy implements AsyncDisposable {
  readonly port: number
  /** Where servers reach the notification servers. */
  readonly notifyPort: number | undefined
  readonly #daemon: Daemon
  readonly #folder: string
  readonly #api: RuntimeApi
  #added = 0

  /** @internal use `startHaproxy` */
  constructor(program: string, options: HaproxyOptions) {
    const { api, chat, notify = [], port = freePort(), env } = options
    const servers = { ...places('LB_API', api), ...places('LB_CHAT', chat), ...places('LB_NOTIFY', notify) }
    this.port = port
    this.notifyPort = notify.length > 0 ? freePort() : undefined
    this.#folder = mkdtempSync(join(tmpdir(), 'tam-haproxy-'))
    const socket = join(this.#folder, 'admin.sock')
    this.#api = new RuntimeApi(socket)
    this.#daemon = new Daemon({
      command: [program, '-db', '-f', HAPROXY_CONFIG],
      port,
      ...(options.logs === true ? { log: this.#log } : {}),
      env: {
        LB_BIND: `127.0.0.1:${port}`,
        LB_ADMIN_SOCKET: socket,
        ...(this.notifyPort === undefined ? {} : { LB_NOTIFY_BIND: `127.0.0.1:${this.notifyPort}` }),
        ...servers,
        ...env,
      },
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get pid(): number {
    return this.#daemon.pid
  }

  /** What it has logged so far, when `logs` says to keep it. */
  log(): Promise<string> {
    return Bun.file(this.#log).text()
  }

  /** What HAProxy knows about every server. */
  servers(): Promise<ServerState[]> {
    return this.#api.servers()
  }

  get #log(): string {
    return join(this.#folder, 'log')
  }

  /** Adds a server while everything runs; resolves when it takes load. @throws when it does not get ready */
  async add(role: Role, port: number): Promise<void> {
    const name = `added${++this.#added}`
    const added = await this.#api.command(`add server ${role}/${name} 127.0.0.1:${port} ${CHECK}`)
    if (!added.includes('New server registered')) {
      throw new Error(`HAProxy refused the server: ${added.trim()}`)
    }
    await this.#api.command(`enable health ${role}/${name}`)
    await this.#api.command(`enable server ${role}/${name}`)
    await this.until((servers) => servers.some((s) => s.backend === role && s.name === name && s.isUp))
  }

  /** Waits until HAProxy sees its servers so. @throws after 10 s */
  async until(seen: (servers: ServerState[]) => boolean): Promise<void> {
    const deadline = performance.now() + UP_MS
    // Its socket appears a moment after its port: until then nothing is seen.
    let servers = await this.#look()
    while (!seen(servers)) {
      if (performance.now() > deadline) {
        throw new Error(`HAProxy did not see it in time: ${JSON.stringify(servers)}`)
      }
      await Bun.sleep(POLL_MS)
      servers = await this.#look()
    }
  }

  async #look(): Promise<ServerState[]> {
    try {
      return await this.servers()
    } catch {
      return []
    }
  }

  /** @throws when it does not start, with what HAProxy says */
  async started(): Promise<void> {
    try {
      await this.#daemon.started()
    } catch (error) {
      rmSync(this.#folder, { recursive: true, force: true })
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** @throws an error that says what to install, or what HAProxy says */
export async function startHaproxy(options: HaproxyOptions): Promise<Haproxy> {
  const haproxy = new Haproxy(await debianProgram('haproxy'), options)
  await haproxy.started()
  return haproxy
}

function places(name: string, ports: readonly number[]): Record<string, string> {
  if (ports.length > SERVERS_MAX) {
    throw new RangeError(`${name}: ${ports.length} servers, ${SERVERS_MAX} at most`)
  }
  return Object.fromEntries(ports.map((port, index) => [`${name}_${index + 1}`, `127.0.0.1:${port}`]))
}

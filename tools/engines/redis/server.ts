import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type RedisArgument } from 'redis'
import { findRedis } from './find-redis.ts'
import { freePort } from './free-port.ts'

/** Milliseconds until a started server must answer. */
const START_MS = 15_000
const ATTEMPTS = 5
const POLL_MS = 20
const SETTINGS = [
  '--save',
  '',
  '--appendonly',
  'no',
  '--loglevel',
  'warning',
  '--enable-debug-command',
  'yes',
]

export interface RedisOptions {
  readonly password?: string
  /** Further settings, as on the command line of redis-server: `['--maxmemory', '10mb']`. */
  readonly settings?: readonly string[]
  /** A node for a cluster, still without slots and neighbours. */
  readonly isClusterNode?: boolean
}

/**
 * One real redis-server on 127.0.0.1 that keeps nothing on disk. Its temporary folder is removed with it, and it ends
 * by `await using` or with the process that started it.
 */
export class RedisServer implements AsyncDisposable {
  readonly host = '127.0.0.1'
  readonly port = freePort()
  /** Where nodes of a cluster talk to each other. */
  readonly busPort = freePort()
  readonly #binary: string
  readonly #folder: string
  readonly #options: RedisOptions
  #child: Bun.Subprocess | undefined

  constructor(binary: string, options: RedisOptions) {
    this.#binary = binary
    this.#options = options
    this.#folder = mkdtempSync(join(tmpdir(), 'tam-redis-'))
  }

  get address(): string {
    return `${this.host}:${this.port}`
  }

  get url(): string {
    const { password } = this.#options
    return `redis://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}${this.address}/0`
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Resolves once it answers; after `kill` the same port serves again. @throws when it ends or stays silent */
  async start(): Promise<void> {
    const child = Bun.spawn(this.#command(), { cwd: this.#folder, stdout: 'pipe', stderr: 'inherit' })
    this.#child = child
    const deadline = performance.now() + START_MS
    while (!(await this.#answers())) {
      if (child.exitCode !== null || performance.now() > deadline) {
        child.kill('SIGKILL')
        throw new Error(
          `redis-server on ${this.address} did not start: ${await new Response(child.stdout).text()}`,
        )
      }
      await Bun.sleep(POLL_MS)
    }
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#child?.exited
    this.#child = undefined
  }

  /** SIGSTOP: connections stay open and nothing answers. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  /** SIGCONT. */
  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  async flush(): Promise<void> {
    await this.command('FLUSHALL')
  }

  /** One command on a connection of its own. */
  async command(...args: RedisArgument[]): Promise<unknown> {
    const { password } = this.#options
    const client = createClient({
      socket: { host: this.host, port: this.port, reconnectStrategy: false },
      disableClientInfo: true,
      ...(password === undefined ? {} : { password }),
    })
    client.on('error', () => {})
    try {
      await client.connect()
      return await client.sendCommand(args)
    } finally {
      client.destroy()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #command(): string[] {
    const { password, settings = [], isClusterNode = false } = this.#options
    return [
      // Where it can be had, the server ends with the process that started it, however that ends.
      ...(Bun.which('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'KILL']),
      this.#binary,
      ...SETTINGS,
      ...this.#place(),
      ...(password === undefined ? [] : ['--requirepass', password]),
      ...(isClusterNode ? ['--cluster-enabled', 'yes', '--cluster-port', String(this.busPort)] : []),
      ...settings,
    ]
  }

  #place(): string[] {
    return ['--port', String(this.port), '--bind', this.host, '--dir', this.#folder]
  }

  async #answers(): Promise<boolean> {
    try {
      return (await this.command('PING')) === 'PONG'
    } catch {
      return false
    }
  }
}

/**
 * Starts a server; another process may take the chosen port first, so it tries several.
 * @throws an error that says what to install
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const found = await findRedis()
  if ('missing' in found) {
    throw new Error(found.missing)
  }
  for (let attempt = 1; ; attempt++) {
    const server = new RedisServer(found.binary, options)
    try {
      await server.start()
      return server
    } catch (error) {
      await server[Symbol.asyncDispose]()
      if (attempt === ATTEMPTS) {
        throw error
      }
    }
  }
}

import { openSync, closeSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { auth, Client } from 'cassandra-driver'

/** Milliseconds for one node from its start to its first answer; a busy machine needs most of it. */
const READY_TIMEOUT_MS = 90_000
const READY_POLL_MS = 250
/** Milliseconds for a node to drain after SIGTERM; then it is killed. */
const STOP_TIMEOUT_MS = 30_000
const LOG_TAIL = 3_000

export interface Credentials {
  readonly username: string
  readonly password: string
}

export interface NodeOptions {
  readonly address: string
  readonly nativePort: number
  readonly directory: string
  readonly command: readonly string[]
  readonly credentials: Credentials | undefined
}

/** One Cassandra process; may be started again after its end, over the same files. */
export class CassandraNode {
  readonly #options: NodeOptions
  #child: Bun.Subprocess | undefined

  constructor(options: NodeOptions) {
    this.#options = options
  }

  get contactPoint(): string {
    return `${this.#options.address}:${this.#options.nativePort}`
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return isRunning(this.#child) ? this.#child?.pid : undefined
  }

  /** Resolves when it answers queries. */
  async start(): Promise<void> {
    if (isRunning(this.#child)) {
      return
    }
    const output = openSync(join(this.#options.directory, 'output.log'), 'a')
    this.#child = Bun.spawn([...dieWithParent(), ...this.#options.command], {
      cwd: this.#options.directory,
      stdin: 'ignore',
      stdout: output,
      stderr: output,
    })
    closeSync(output)
    await this.knows(0)
  }

  /** Resolves when it answers queries and knows so many other nodes. */
  async knows(peers: number): Promise<void> {
    const deadline = performance.now() + READY_TIMEOUT_MS
    while (performance.now() < deadline) {
      if (!isRunning(this.#child)) {
        throw new Error(`Cassandra ended at its start:\n${this.#logTail()}`)
      }
      if ((await this.#countPeers()) >= peers) {
        return
      }
      await Bun.sleep(READY_POLL_MS)
    }
    await this.end('SIGKILL')
    throw new Error(`Cassandra was not ready within ${READY_TIMEOUT_MS} ms:\n${this.#logTail()}`)
  }

  /** As `kill -9` by the name of the signal; resolves when the process is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === undefined || !isRunning(child)) {
      return
    }
    child.kill(signal)
    // A stopped process notices SIGTERM only when it goes on.
    child.kill('SIGCONT')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await child.exited
    clearTimeout(timer)
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    if (isRunning(this.#child)) {
      this.#child?.kill(signal)
    }
  }

  /** -1 while it answers nothing. */
  async #countPeers(): Promise<number> {
    const { credentials } = this.#options
    const client = new Client({
      contactPoints: [this.contactPoint],
      localDataCenter: 'datacenter1',
      ...(credentials === undefined
        ? {}
        : { authProvider: new auth.PlainTextAuthProvider(credentials.username, credentials.password) }),
    })
    try {
      return (await client.execute('SELECT peer FROM system.peers_v2')).rowLength
    } catch {
      return -1
    } finally {
      await client.shutdown()
    }
  }

  #logTail(): string {
    return ['output.log', 'system.log']
      .map((name) => join(this.#options.directory, name))
      .filter((path) => existsSync(path))
      .map((path) => readFileSync(path, 'utf8').slice(-LOG_TAIL))
      .join('\n')
  }
}

function isRunning(child: Bun.Subprocess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null
}

/** Where the system can do it, a node ends with its parent even when that is killed. */
function dieWithParent(): string[] {
  return Bun.which('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'KILL']
}

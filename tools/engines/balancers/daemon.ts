import { connect } from 'node:net'

/** Milliseconds until a started program must take connections. */
const START_MS = 10_000
const POLL_MS = 10

export interface DaemonOptions {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** File for its standard output; nobody reads that when absent. */
  readonly log?: string
  /** Port of 127.0.0.1 that tells that it has started. */
  readonly port: number
}

/** A program that serves in the foreground until it is stopped, or until the process that started it ends. */
export class Daemon implements AsyncDisposable {
  readonly #child: Bun.Subprocess<'ignore', 'ignore' | Bun.BunFile, 'pipe'>
  readonly #options: DaemonOptions

  constructor(options: DaemonOptions) {
    this.#options = options
    const guard = Bun.which('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'TERM']
    this.#child = Bun.spawn([...guard, ...options.command], {
      env: { PATH: process.env.PATH ?? '', ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdin: 'ignore',
      stdout: options.log === undefined ? 'ignore' : Bun.file(options.log),
      stderr: 'pipe',
    })
  }

  get pid(): number {
    return this.#child.pid
  }

  /** @throws when the program ends or stays silent, with what it said */
  async started(): Promise<void> {
    const deadline = performance.now() + START_MS
    while (!(await accepts(this.#options.port))) {
      if (this.#child.exitCode !== null || performance.now() > deadline) {
        await this[Symbol.asyncDispose]()
        const [program = ''] = this.#options.command
        throw new Error(`${program} did not start: ${await new Response(this.#child.stderr).text()}`)
      }
      await Bun.sleep(POLL_MS)
    }
    // What it says from now on must not fill the pipe.
    void this.#child.stderr.pipeTo(new WritableStream()).catch(() => {})
  }

  /** SIGTERM closes everything at once, in all the programs this is used for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM')
    await this.#child.exited
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

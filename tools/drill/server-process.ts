import { createServer } from 'node:net'
import type { Random } from '@tam/util'

const READY_TIMEOUT_MS = 20_000
const READY_POLL_MS = 10
// Below the ephemeral ports: a client that dials a dead server's ephemeral port can be connected to itself.
const PORT_FROM = 20_000
const PORT_COUNT = 10_000
const LOG_TAIL = 4_000
const SERVE = [new URL('../../packages/server/src/main.ts', import.meta.url).pathname, 'serve']
/** The server that can have a fault planted. */
export const SERVE_FAULTY = [new URL('./faulty/serve.ts', import.meta.url).pathname]

export interface ServerOptions {
  readonly dataDir: string
  readonly port: number
  /** Further settings, by their TAM_* names. */
  readonly env?: Readonly<Record<string, string>>
  /** The program and its arguments, when it is not `main.ts serve`. */
  readonly program?: readonly string[]
  /** Words before the command, e.g. `taskset -c 0`. */
  readonly prefix?: readonly string[]
  /** Options of the runtime, e.g. `--cpu-prof`. */
  readonly runtimeOptions?: readonly string[]
}

/** The real program in a process of its own. */
export class ServerProcess {
  readonly #child: Bun.Subprocess<'ignore', 'pipe', 'pipe'>
  readonly #origin: string
  #log = ''

  constructor({ dataDir, port, env, program = SERVE, prefix = [], runtimeOptions = [] }: ServerOptions) {
    this.#origin = `http://127.0.0.1:${port}`
    this.#child = Bun.spawn([...prefix, process.execPath, ...runtimeOptions, ...program], {
      env: {
        // As deploy/ starts it: docs/adr/0011.
        BUN_JSC_useFTLJIT: '0',
        ...inherited(),
        TAM_PORT: String(port),
        TAM_DATA_DIR: dataDir,
        TAM_RATE_LIMIT_SCALE: '1000000',
        ...env,
      },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    void this.#collect(this.#child.stdout)
    void this.#collect(this.#child.stderr)
  }

  get pid(): number {
    return this.#child.pid
  }

  /** Null while it runs. */
  get exitCode(): number | string | null {
    return this.#child.exitCode ?? this.#child.signalCode
  }

  /** The end of what it printed. */
  get log(): string {
    return this.#log
  }

  /** Resolves once `/readyz` answers 200. @throws {Error} when the process ends or the time is over */
  async ready(): Promise<void> {
    const deadline = performance.now() + READY_TIMEOUT_MS
    while (performance.now() < deadline) {
      if (this.exitCode !== null) {
        throw new Error(`the server ended (${this.exitCode}) before it was ready:\n${this.#log}`)
      }
      if (await isReady(this.#origin)) {
        return
      }
      await Bun.sleep(READY_POLL_MS)
    }
    throw new Error(`the server was not ready after ${READY_TIMEOUT_MS / 1000} s:\n${this.#log}`)
  }

  /** Ends it at once, as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#child.exited
  }

  /** Asks it to drain and end. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    await this.#child.exited
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    for await (const chunk of stream) {
      this.#log = (this.#log + decoder.decode(chunk, { stream: true })).slice(-LOG_TAIL)
    }
  }
}

async function isReady(origin: string): Promise<boolean> {
  try {
    const reply = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(1_000) })
    await reply.text()
    return reply.status === 200
  } catch {
    return false
  }
}

/** The environment without settings that were meant for another server. */
function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('TAM_') ? [] : [[name, value]],
    ),
  )
}

/** A TCP port of 127.0.0.1 that nobody listens on now. */
export async function freePort(random: Pick<Random, 'float'>): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = PORT_FROM + Math.floor(random.float() * PORT_COUNT)
    if (await canListen(port)) {
      return port
    }
  }
  throw new Error('no free port found')
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

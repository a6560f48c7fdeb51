/** Bytes of output that are kept for the message of a failed start. */
const LOG_TAIL = 4_000
/** Milliseconds a program may take to end after SIGTERM; then it is killed. A server's drain takes 10 s at most. */
const STOP_MS = 20_000

export interface ChildOptions {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** A program that may be paused, ended and started again. It ends with the process that started it. */
export class ChildProcess {
  readonly #options: ChildOptions
  #child: Bun.Subprocess<'ignore', 'pipe', 'pipe'> | undefined
  #log = ''
  /** Where in `log` this run begins. */
  #runFrom = 0
  #output: Promise<unknown> = Promise.resolve()

  constructor(options: ChildOptions) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  get pid(): number | undefined {
    return this.isRunning ? this.#child?.pid : undefined
  }

  /** The end of what it printed, over all its starts. */
  get log(): string {
    return this.#log
  }

  /** Whether this run of it has printed `text`, among the last it printed. */
  hasPrinted(text: string): boolean {
    return this.#log.slice(this.#runFrom).includes(text)
  }

  start(): void {
    if (this.isRunning) {
      return
    }
    const { command, env } = this.#options
    const child = Bun.spawn([...diesWithParent(), ...command], {
      // Without the last tier of compilation, as deploy/ starts servers: docs/adr/0011.
      env: { BUN_JSC_useFTLJIT: '0', ...inherited(), ...env },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    this.#child = child
    this.#runFrom = this.#log.length
    this.#output = Promise.all([this.#collect(child.stdout), this.#collect(child.stderr)])
  }

  /** Starts it, and resolves with its exit code when it has ended and all it printed is in `log`. */
  async runToEnd(): Promise<number> {
    this.start()
    const code = await this.#child?.exited
    await this.#output
    return code ?? 0
  }

  /** Resolves when this run of it has ended and all it printed is in `log`: with its exit code, or the signal's name. */
  async ended(): Promise<number | string> {
    const child = this.#child
    await child?.exited
    await this.#output
    return child?.signalCode ?? child?.exitCode ?? 0
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#child?.exited
  }

  /** SIGTERM; resolves when it is gone, at the latest after 20 s. */
  async stop(): Promise<void> {
    const child = this.#child
    child?.kill('SIGTERM')
    // A stopped process notices SIGTERM only when it goes on.
    child?.kill('SIGCONT')
    const timer = setTimeout(() => child?.kill('SIGKILL'), STOP_MS)
    await child?.exited
    clearTimeout(timer)
  }

  /** SIGSTOP: its connections stay open and nothing answers. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  /** SIGCONT. */
  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    for await (const chunk of stream) {
      const log = this.#log + decoder.decode(chunk, { stream: true })
      this.#log = log.slice(-LOG_TAIL)
      this.#runFrom = Math.max(0, this.#runFrom - (log.length - this.#log.length))
    }
  }
}

/** Where the system can do it, a child ends with its parent even when that is killed. */
function diesWithParent(): string[] {
  return Bun.which('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'KILL']
}

/** The environment without settings that were meant for another server. */
function inherited(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('TAM_') ? [] : [[name, value]],
    ),
  )
}

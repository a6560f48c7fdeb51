import { join } from 'node:path'

const MAIN = join(import.meta.dir, '../src/main.ts')
/** What a server of this machine may take to start, milliseconds. */
const START_MS = 20_000

// Where it can be had, a server ends with the process that started it, however that ends.
const WITH_US = Bun.which('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'KILL']

/** `tam` in a process of its own, on a free port. */
export class ServerUnderTest {
  readonly child: Bun.Subprocess<'ignore', 'pipe', 'pipe'>
  #said = ''
  #port: string | undefined
  readonly #started = Promise.withResolvers<void>()
  readonly #heard: Promise<unknown>

  constructor(parameters: readonly string[], settings: Readonly<Record<string, string>>) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TAM_')))
    this.child = Bun.spawn([...WITH_US, process.execPath, MAIN, ...parameters], {
      env: { ...env, TAM_PORT: '0', TAM_LOG_LEVEL: 'info', ...settings },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    this.#started.promise.catch(() => {})
    this.#heard = Promise.all([this.#listen(this.child.stdout), this.#listen(this.child.stderr)])
    void this.child.exited.then((code) => this.#started.reject(new Error(`ended ${code}: ${this.#said}`)))
  }

  /** Everything it has printed. */
  get said(): string {
    return this.#said
  }

  /** Its log, line by line. */
  get log(): Record<string, unknown>[] {
    return this.#said
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** @throws when it ends first, or takes too long */
  async started(): Promise<void> {
    const timer = setTimeout(() => this.#started.reject(new Error(`not started: ${this.#said}`)), START_MS)
    await this.#started.promise.finally(() => clearTimeout(timer))
  }

  /** Its exit code, when it has ended by itself. */
  async ended(): Promise<number> {
    await this.#heard
    return this.child.exited
  }

  status(path: string): Promise<number> {
    return fetch(`${this.url}${path}`).then(({ status }) => status)
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.child.exited
  }

  async #listen(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    for await (const chunk of stream) {
      this.#said += decoder.decode(chunk, { stream: true })
      this.#port ??= /is ready: \S+:(\d+)/.exec(this.#said)?.[1]
      if (this.#port !== undefined) {
        this.#started.resolve()
      }
    }
  }
}

import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DRIVER_CORE, pinTo } from './machine.ts'

const BENCH = new URL('..', import.meta.url).pathname
const CACHE = new URL('../../.cache/bench', import.meta.url).pathname
const BINARY = join(CACHE, 'driver')
/** The baseline that does nothing but send(). */
export const SEND_LOOP = join(CACHE, 'send-loop')

/** The driver's own share of its core above which it measures itself. */
export const DRIVER_CPU_MAX = 0.9

export interface Usage {
  readonly seconds: number
  /** CPU seconds per second, all threads. */
  readonly serverCpu: number
  readonly driverCpu: number
  /** Of each of `pids`. */
  readonly cpus: readonly number[]
}

/** Milliseconds. */
export interface Percentiles {
  readonly samples: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface Connected extends Usage, Percentiles {
  readonly event: 'connected'
  readonly sockets: number
  readonly perSecond: number
}

export interface Correctness {
  readonly lost: number
  readonly doubled: number
  readonly reordered: number
  readonly refused: number
  readonly closed: number
}

export interface FanoutResult extends Usage, Percentiles, Correctness {
  readonly event: 'fanout'
  readonly inflight: number
  /** Deliveries. */
  readonly perSecond: number
  readonly bytesPerDelivery: number
  /** Messages in one frame. */
  readonly perFrame: number
}

export interface AcksResult extends Usage, Percentiles, Correctness {
  readonly event: 'acks'
  readonly rate: number
  /** Acknowledgements. */
  readonly perSecond: number
  /** Sends of the open loop that found too many unanswered before them. */
  readonly overdue: number
}

/** A storm of people who come back; milliseconds from the kill. */
export interface ResumeResult extends Usage, Percentiles {
  readonly event: 'resumed'
  readonly sockets: number
  /** Attempts that found nobody. */
  readonly failed: number
  readonly firstClosed: number
  readonly lastClosed: number
}

/** People who come and go; milliseconds from the start of a connection until its script is done. */
export interface ChurnResult extends Usage, Percentiles {
  readonly event: 'churn'
  readonly connects: number
  readonly disconnects: number
  readonly failed: number
  /** Connections that were not begun, because too many were there. */
  readonly skipped: number
}

export interface DriverOptions {
  readonly mode: 'connect' | 'hold' | 'fanout' | 'acks' | 'resume' | 'churn'
  /** Several with commas between them: each has an equal block of the connections. */
  readonly port: number | string
  readonly sockets: number
  readonly path?: string
  readonly protocol?: string
  /** Files; see bench/driver/script.c. */
  readonly script?: string
  /** Of connections that come back. */
  readonly rescript?: string
  readonly variables?: string
  readonly publish?: string
  /** Sends under way, one stage each: "1,8,64". */
  readonly inflight?: string
  readonly parallel?: number
  readonly warm?: number
  readonly seconds?: number
  readonly rate?: number
  /** Seconds without progress after which what is missing counts as lost. */
  readonly stall?: number
  readonly serverPid?: number
  /** Processes whose CPU is told one by one: "12,13". */
  readonly pids?: string
  /** Killed by a line to the driver, in the mode resume. */
  readonly killPid?: number
  /** In the mode fanout only so many of the first connections send. */
  readonly senders?: number
  /** Seconds a connection stays, in the mode churn. */
  readonly hold?: number
}

/** Compiles the driver and the baseline in C unless they are newer than their sources. @throws {Error} */
export function buildDriver(): void {
  const driver = readdirSync(join(BENCH, 'driver')).map((name) => join(BENCH, 'driver', name))
  compile(BINARY, driver)
  compile(SEND_LOOP, [join(BENCH, 'baselines/send-loop.c')])
}

function compile(binary: string, sources: readonly string[]): void {
  if (existsSync(binary) && sources.every((path) => statSync(path).mtimeMs <= statSync(binary).mtimeMs)) {
    return
  }
  const compiler = Bun.which('cc') ?? Bun.which('gcc') ?? Bun.which('clang')
  if (compiler === null) {
    throw new Error(
      'the bench needs a C compiler for its load driver (Debian: apt-get install gcc libc6-dev)',
    )
  }
  mkdirSync(CACHE, { recursive: true })
  const files = sources.filter((path) => path.endsWith('.c'))
  const flags = ['-std=c11', '-O2', '-Wall', '-Wextra']
  const { success, stderr } = Bun.spawnSync([compiler, ...flags, '-o', binary, ...files])
  if (!success) {
    throw new Error(`${binary} does not compile:\n${stderr.toString()}`)
  }
}

/** Runs the driver to its end: how it connected, and the results of its stages. */
export async function drive<T>(options: DriverOptions): Promise<{ connected: Connected; results: T[] }> {
  const [connected, ...results] = await linesOf(options)
  return { connected: connected as Connected, results: results as T[] }
}

export async function churn(options: Omit<DriverOptions, 'mode'>): Promise<ChurnResult> {
  const [result] = await linesOf({ ...options, mode: 'churn' })
  return result as ChurnResult
}

async function linesOf(options: DriverOptions): Promise<unknown[]> {
  const child = spawnDriver(options, 'ignore')
  const [text, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) {
    throw new Error(`the driver failed: ${errors.trim()}`)
  }
  if (errors !== '') {
    console.log(errors.trimEnd())
  }
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

export interface Held {
  readonly connected: Connected
  /** Closes the connections; how many the server had closed before. */
  release(): Promise<number>
}

/** Connects and keeps the connections, idle but alive, until released. */
export async function hold(options: DriverOptions): Promise<Held> {
  const { connected, finish } = await connectAndWait<{ readonly closed: number }>({
    ...options,
    mode: 'hold',
  })
  return { connected, release: async () => (await finish()).closed }
}

export interface Storm {
  readonly connected: Connected
  /** Kills the server; resolves when everybody is back. */
  strike(): Promise<ResumeResult>
}

/** Connects, and waits for the moment to kill `killPid`. */
export async function storm(options: DriverOptions): Promise<Storm> {
  const { connected, finish } = await connectAndWait<ResumeResult>({ ...options, mode: 'resume' })
  return { connected, strike: finish }
}

/** A driver that goes on to its result at a line of ours. */
async function connectAndWait<Result>(options: DriverOptions) {
  const child = spawnDriver(options, 'pipe')
  const lines = readLines(child.stdout)
  const next = async () => {
    const line = await lines.next()
    if (line.done === true) {
      throw new Error(`the driver failed: ${(await new Response(child.stderr).text()).trim()}`)
    }
    return JSON.parse(line.value) as unknown
  }
  return {
    connected: (await next()) as Connected,
    async finish(): Promise<Result> {
      child.stdin.write('go\n')
      await child.stdin.end()
      const result = (await next()) as Result
      await child.exited
      return result
    },
  }
}

function spawnDriver<In extends 'ignore' | 'pipe'>(options: DriverOptions, stdin: In) {
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`--${name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`, String(value)],
  )
  return Bun.spawn([...pinTo(DRIVER_CORE), BINARY, ...words], { stdin, stdout: 'pipe', stderr: 'pipe' })
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
}

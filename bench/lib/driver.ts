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

export interface DriverOptions {
  readonly mode: 'connect' | 'hold' | 'fanout' | 'acks'
  readonly port: number
  readonly sockets: number
  readonly path?: string
  readonly protocol?: string
  /** Files; see bench/driver/script.c. */
  readonly script?: string
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
  const [connected, ...results] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  return { connected: connected as Connected, results: results as T[] }
}

export interface Held {
  readonly connected: Connected
  /** Closes the connections; how many the server had closed before. */
  release(): Promise<number>
}

/** Connects and keeps the connections, idle but alive, until released. */
export async function hold(options: DriverOptions): Promise<Held> {
  const child = spawnDriver({ ...options, mode: 'hold' }, 'pipe')
  const lines = readLines(child.stdout)
  const first = await lines.next()
  if (first.done === true) {
    throw new Error(`the driver failed: ${(await new Response(child.stderr).text()).trim()}`)
  }
  return {
    connected: JSON.parse(first.value) as Connected,
    async release() {
      child.stdin.write('done\n')
      await child.stdin.end()
      const last = await lines.next()
      await child.exited
      return last.done === true ? 0 : (JSON.parse(last.value) as { closed: number }).closed
    },
  }
}

function spawnDriver<In extends 'ignore' | 'pipe'>(options: DriverOptions, stdin: In) {
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name === 'serverPid' ? 'server-pid' : name}`, String(value)],
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

import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'

/** Cores that the two ends of a measurement are bound to. */
export const SERVER_CORE = 0
export const DRIVER_CORE = 1

const SYNCS = 100

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
  readonly bun: string
  readonly node: string
  readonly commit: string
  readonly date: string
  readonly pinned: boolean
  /** One minute's load before the first measurement. */
  readonly load: number
  /** Milliseconds of a synced 4 KiB append, 99th percentile. */
  readonly fdatasyncP99: number
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    bun: Bun.version,
    node: output(['node', '--version']) ?? 'absent',
    commit: commit(),
    date: new Date().toISOString(),
    pinned: canPin(),
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
    fdatasyncP99: measureSync(),
  }
}

export function printMachine(machine: Machine): void {
  const { cpu, cores, memoryGiB, kernel, bun, node, commit: revision, pinned, load, fdatasyncP99 } = machine
  console.log(`${cpu}, ${cores} cores, ${memoryGiB} GiB · Linux ${kernel} · Bun ${bun} · Node ${node}`)
  console.log(
    `commit ${revision} · ${machine.date} · load ${load} · fdatasync p99 ${fdatasyncP99.toFixed(2)} ms · ` +
      (pinned
        ? `server on core ${SERVER_CORE}, driver on core ${DRIVER_CORE}`
        : 'not pinned: taskset or a second core is missing'),
  )
  if (load > 0.2) {
    console.log('! the machine is not quiet: read the ratios, not the figures')
  }
}

let pins: boolean | undefined

/** True when both ends can have a core of their own. */
export function canPin(): boolean {
  pins ??= cpus().length > 1 && Bun.which('taskset') !== null
  return pins
}

let whole = false

/** From here on nothing started is bound to a core: a server of several threads gets what it gets in service. */
export function useWholeMachine(wanted: boolean): void {
  whole = wanted
}

/** The words before a command that bind it to `core`. */
export function pinTo(core: number): string[] {
  return canPin() && !whole ? ['taskset', '-c', String(core)] : []
}

/** Binds this process, whose own clients measure too, to the driver's core. */
export function pinSelf(core = DRIVER_CORE): void {
  if (canPin()) {
    output(['taskset', '-a', '-p', '-c', String(core), String(process.pid)])
  }
}

/** What `start` starts is bound to the server's core, unless it may have the whole machine. */
export async function onServerCore<Started>(start: () => Promise<Started>): Promise<Started> {
  if (whole) {
    return start()
  }
  pinSelf(SERVER_CORE)
  try {
    return await start()
  } finally {
    pinSelf()
  }
}

/** Resident bytes of a process. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024
}

function commit(): string {
  const revision = output(['git', 'rev-parse', '--short', 'HEAD']) ?? 'unknown'
  const changes = output(['git', 'status', '--porcelain', '--untracked-files=no', 'packages'])
  return changes === '' ? revision : `${revision} with changes`
}

function output(command: string[]): string | undefined {
  try {
    const { stdout, success } = Bun.spawnSync(command, { stderr: 'ignore' })
    return success ? stdout.toString().trim() : undefined
  } catch {
    return undefined
  }
}

function measureSync(): number {
  const directory = mkdtempSync(join(tmpdir(), 'tam-bench-sync-'))
  const file = openSync(join(directory, 'probe'), 'w')
  const block = Buffer.alloc(4_096, 1)
  const samples: number[] = []
  for (let i = 0; i < SYNCS; i++) {
    const before = performance.now()
    writeSync(file, block)
    fdatasyncSync(file)
    samples.push(performance.now() - before)
  }
  closeSync(file)
  rmSync(directory, { recursive: true })
  return samples.sort((a, b) => a - b)[Math.floor(SYNCS * 0.99)] ?? 0
}

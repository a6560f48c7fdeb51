import { must } from '@tam/util'
import { SEND_LOOP } from './driver.ts'
import { SERVER_CORE, pinTo } from './machine.ts'

/** A baseline server: a process with a port. */
export interface BareServer {
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

const directory = new URL('../baselines/', import.meta.url).pathname

export const startBunPublish = () => start([process.execPath, `${directory}bun-publish.ts`])

export const startSendLoop = () => start([SEND_LOOP])

/** @throws {Error} when there is no Node */
export function startWsLoop(): Promise<BareServer> {
  const node = Bun.which('node')
  if (node === null) {
    throw new Error('the bench needs Node for its ws baseline')
  }
  return start([node, `${directory}ws-loop.mjs`])
}

export interface BareCommits {
  readonly perSecond: number
  /** Milliseconds of one group. */
  readonly p50: number
  readonly p99: number
  readonly group: number
  /** CPU per message. */
  readonly cpuMicros: number
}

export async function measureBareCommits(seconds: number, conversations: number): Promise<BareCommits> {
  const command = [process.execPath, `${directory}sqlite-commits.ts`, String(seconds), String(conversations)]
  const child = Bun.spawn([...pinTo(SERVER_CORE), ...command], { stdout: 'pipe', stderr: 'inherit' })
  const text = await new Response(child.stdout).text()
  await child.exited
  return JSON.parse(text) as BareCommits
}

async function start(command: string[]): Promise<BareServer> {
  const child = Bun.spawn([...pinTo(SERVER_CORE), ...command], { stdout: 'pipe', stderr: 'inherit' })
  const reader = child.stdout.getReader()
  const { value } = await reader.read()
  const { port } = JSON.parse(new TextDecoder().decode(must(value, 'the baseline did not start'))) as {
    port: number
  }
  return {
    port,
    pid: child.pid,
    async stop() {
      child.kill()
      await child.exited
    },
  }
}

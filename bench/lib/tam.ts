import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SUBPROTOCOL } from '@tam/protocol'
import { seededRandom } from '@tam/util'
import { ServerProcess, freePort } from '../../tools/drill/server-process.ts'
import type { DriverOptions } from './driver.ts'
import { SERVER_CORE, pinTo } from './machine.ts'

export interface TamServer {
  readonly port: number
  readonly pid: number
  readonly dataDir: string
  stop(): Promise<void>
}

/** A private copy of a seed, removed by `dispose`. */
export function copySeed(seed: string): { readonly dataDir: string; dispose(): void } {
  const dataDir = mkdtempSync(join(tmpdir(), 'tam-bench-'))
  cpSync(seed, dataDir, { recursive: true })
  return { dataDir, dispose: () => rmSync(dataDir, { recursive: true, force: true }) }
}

/** Starts Tám on `dataDir`, on the server's core. Profiles go to TAM_BENCH_PROFILE's directory when it is set. */
export async function startTam(dataDir: string): Promise<TamServer> {
  const port = await freePort(seededRandom(process.pid ^ Date.now()))
  const profile = process.env.BENCH_PROFILE
  const server = new ServerProcess({
    dataDir,
    port,
    env: { TAM_LOG_LEVEL: 'warn' },
    prefix: pinTo(SERVER_CORE),
    runtimeOptions: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`],
  })
  await server.ready()
  return {
    port,
    pid: server.pid,
    dataDir,
    stop: async () => {
      await (profile === undefined ? server.kill() : server.stop())
      if (server.log.includes('"level":50')) {
        console.log(`! the server logged errors: ${server.log.slice(-500)}`)
      }
    },
  }
}

const AUTH = 'send {"t":"auth","token":"{1}","device":"{2}"}\nwait "t":"hello"\n'
const SYNC = 'send {"t":"sync","id":1,"cursors":{}}\nwait "t":"ok"\n'

/** How far a connection goes before it counts as connected. */
export type Handshake = 'hello' | 'synced'

/** Driver options that speak the protocol of Tám; fields 1 to 3 of a row are token, device and conversation. */
export function tamOptions(rows: readonly (readonly string[])[], handshake: Handshake = 'synced') {
  const directory = mkdtempSync(join(tmpdir(), 'tam-bench-driver-'))
  const [script, variables] = [join(directory, 'script'), join(directory, 'variables')]
  writeFileSync(script, handshake === 'hello' ? AUTH : AUTH + SYNC)
  writeFileSync(variables, rows.map((row) => row.join('\t')).join('\n'))
  return {
    path: '/ws',
    protocol: SUBPROTOCOL,
    script,
    variables,
    publish: `{"t":"send","id":{id},"conv":"{3}","cid":"{cid}","base":{base},"text":"${PAYLOAD}"}`,
  } satisfies Partial<DriverOptions>
}

/** What somebody holds who comes back. */
interface Held {
  readonly cursors: Readonly<Record<string, number>>
  readonly missed: number
}

/** The same for people who are connected, and come back with what they held and no more. */
export function resumeOptions(
  tokens: readonly string[],
  { epoch, held }: { readonly epoch: string; readonly held: readonly Held[] },
) {
  const rows = tokens.map((token, index) => [
    token,
    `bench-device-${index}`,
    '',
    JSON.stringify(held[index]?.cursors ?? {}),
    String(held[index]?.missed ?? 0),
  ])
  const options = tamOptions(rows)
  const rescript = `${options.script}-again`
  const sync = `send {"t":"sync","id":1,"epoch":"${epoch}","cursors":{4}}\nwait "t":"ok"\nentries {5}\n`
  writeFileSync(rescript, AUTH + sync)
  return { ...options, rescript } satisfies Partial<DriverOptions>
}

/** The same for people who have each of `screens` before them. */
export function watchOptions(rows: readonly (readonly string[])[], screens: readonly (readonly string[])[]) {
  const options = tamOptions(rows.map((row, index) => [...row, '', JSON.stringify(screens[index] ?? [])]))
  writeFileSync(options.script, `${AUTH}${SYNC}send {"t":"watch","users":{4}}\nwait "t":"presence"\n`)
  return options
}

/** 100 bytes of text, of which the mark is 18. */
export const PAYLOAD = `{mark}${'x'.repeat(82)}`

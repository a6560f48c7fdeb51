import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@tam/util'
import type { Random } from '@tam/util'
import { Api } from './api.ts'
import { check } from './checker/check.ts'
import type { Judgement } from './checker/check.ts'
import type { History } from './checker/history.ts'
import { HEAL_MS } from './checker/i11-live.ts'
import { dumpOverHttp, dumpOverSocket } from './final/api-dumps.ts'
import { dumpStore } from './final/store-dump.ts'
import { QUIET_MS, readLive, readStates, settle } from './final/rest.ts'
import { findBug } from './faulty/bugs.ts'
import type { EmbeddedDrillOptions } from './options.ts'
import { Recorder } from './recorder.ts'
import { SERVE_FAULTY, ServerProcess, freePort } from './server-process.ts'
import { Workload } from './workload.ts'
import { createWorld } from './world.ts'
import type { World } from './world.ts'

/** How long a round lets the server live after it is ready, milliseconds. */
const LIFE_MS = { min: 100, max: 1_500 }
/** Share of rounds that kill the server while it starts, and how soon. */
const EARLY = { share: 0.1, maxMs: 250 }

export interface DrillResult {
  readonly history: History
  readonly judgements: readonly Judgement[]
}

/** Kills one server with embedded engines again and again under load, and judges what is left. */
export async function drillEmbedded(
  options: EmbeddedDrillOptions,
  say: (line: string) => void,
): Promise<DrillResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tam-drill-data-'))
  try {
    const drill = new EmbeddedDrill(options, dataDir, await freePort(seededRandom(options.seed)))
    return await drill.run(say)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

class EmbeddedDrill {
  readonly #options: EmbeddedDrillOptions
  readonly #dataDir: string
  readonly #port: number
  readonly #random: Random
  readonly #recorder = new Recorder()
  readonly #api: Api
  readonly #url: string
  #server: ServerProcess

  constructor(options: EmbeddedDrillOptions, dataDir: string, port: number) {
    this.#options = options
    this.#dataDir = dataDir
    this.#port = port
    this.#random = seededRandom(options.seed)
    this.#api = new Api(`http://127.0.0.1:${port}`)
    this.#url = `ws://127.0.0.1:${port}/ws`
    this.#server = this.#spawn()
  }

  async run(say: (line: string) => void): Promise<DrillResult> {
    try {
      await this.#server.ready()
      const world = await createWorld(this.#api, this.#options.users, this.#random)
      const workload = this.#workload(world)
      workload.start()
      for (let round = 1; round <= this.#options.rounds; round++) {
        await this.#round()
        say(`killed ${round} of ${this.#options.rounds} · undecided ${workload.undecided}`)
      }
      await this.#heal(workload)
      await this.#finalDumps(workload, world)
    } catch (error) {
      throw new Error(`the drill broke off: ${String(error)}\n${this.#server.log}`, { cause: error })
    } finally {
      await this.#server.kill()
    }
    return this.#judge()
  }

  #spawn(): ServerProcess {
    const { bug, bucket } = this.#options
    const common = { dataDir: this.#dataDir, port: this.#port }
    if (bug === undefined && bucket === undefined) {
      return new ServerProcess(common)
    }
    const env = { DRILL_BUG: bug ?? 'none', DRILL_BUCKET: String(bucket ?? 0) }
    return new ServerProcess({ ...common, env, program: SERVE_FAULTY })
  }

  #workload(world: World): Workload {
    const { rate, bug } = this.#options
    return new Workload({
      api: this.#api,
      url: this.#url,
      world,
      recorder: this.#recorder,
      random: this.#random,
      rate,
      clientBug: bug === undefined ? undefined : findBug(bug).client,
    })
  }

  /** Lets the server work for a while, kills it, starts the next one and sometimes kills that before it is ready. */
  async #round(): Promise<void> {
    await Bun.sleep(LIFE_MS.min + this.#random.float() * (LIFE_MS.max - LIFE_MS.min))
    await this.#kill()
    this.#server = this.#spawn()
    if (this.#random.float() < EARLY.share) {
      await Bun.sleep(this.#random.float() * EARLY.maxMs)
      await this.#kill()
      this.#server = this.#spawn()
    }
    await this.#server.ready()
    this.#recorder.add({ type: 'nemesis', at: this.#recorder.now(), mark: 'ready' })
  }

  async #kill(): Promise<void> {
    this.#recorder.add({ type: 'nemesis', at: this.#recorder.now(), mark: 'kill' })
    await this.#server.kill()
  }

  /** No new sends and no more faults: waits until all is decided and quiet, or the liveness bound is over. */
  async #heal(workload: Workload): Promise<void> {
    workload.finish()
    await settle(workload, this.#recorder, { withinMs: HEAL_MS, quietMs: QUIET_MS.oneServer })
  }

  async #finalDumps(workload: Workload, { places }: World): Promise<void> {
    await readLive(workload, this.#recorder)
    await readStates(workload, this.#recorder)
    workload.stop()
    const recorder = this.#recorder
    await dumpOverSocket(this.#url, { places, recorder, node: 'socket' })
    await dumpOverHttp(this.#api, { places, recorder, node: 'http' })
    await this.#server.kill()
    dumpStore(this.#dataDir, this.#recorder)
    this.#recorder.add({ type: 'nemesis', at: this.#recorder.now(), mark: 'done' })
  }

  #judge(): DrillResult {
    const history = this.#recorder.history.finish()
    const { bucket } = this.#options
    return { history, judgements: check(history, bucket === undefined ? {} : { bucket }) }
  }
}

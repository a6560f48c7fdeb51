import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { must, seededRandom } from '@tam/util'
import type { Random } from '@tam/util'
import { Fleet } from '../fleet/fleet.ts'
import { Api } from './api.ts'
import { check } from './checker/check.ts'
import { HEAL_MS } from './checker/i11-live.ts'
import { Churn } from './churn.ts'
import type { Session } from './client/session.ts'
import { measureCommits } from './commit-rate.ts'
import type { DrillResult } from './embedded.ts'
import { dumpOverHttp, dumpOverSocket } from './final/api-dumps.ts'
import { dumpKv } from './final/kv-dump.ts'
import { QUIET_MS, readLive, readStates, settle } from './final/rest.ts'
import { findBug } from './faulty/bugs.ts'
import { MemoryWatch } from './memory-watch.ts'
import { Clocks } from './nemesis/clocks.ts'
import { Nemesis } from './nemesis/nemesis.ts'
import { type PlannedFault, describeFault, planFaults } from './nemesis/plan.ts'
import type { FleetDrillOptions } from './options.ts'
import { Recorder } from './recorder.ts'
import { SERVE_FAULTY } from './server-process.ts'
import { Workload } from './workload.ts'
import { Login, type Person, type World, createWorld } from './world.ts'

const DEVICES = 3
/** Share of the commits that Cassandra takes, so that the faults and not the load decide. */
const CASSANDRA_SHARE = 0.3
/** Milliseconds after the healing with Cassandra, where times are not judged. */
const SLOW_HEAL_MS = 60_000
/** Milliseconds of writing with the faults of liveness mode frozen, and for everything to be decided after it. */
const FROZEN = { writeMs: 20_000, withinMs: 30_000 }
/** What has to go on alone in liveness mode, beside the store. */
const CORE = ['api-1', 'chat-1']

/** A fleet behind HAProxy under load and faults; judges what is left of what people wrote. */
export async function drillFleet(
  options: FleetDrillOptions,
  say: (line: string) => void,
): Promise<DrillResult> {
  const clocksFolder = mkdtempSync(join(tmpdir(), 'tam-clocks-'))
  try {
    const clocks = await Clocks.find(clocksFolder)
    if (clocks === undefined) {
      say('left out: clock jumps (libfaketime was not found)')
    }
    await using fleet = await startFleet(options, clocks)
    const drill = new FleetDrill(options, fleet, clocks)
    return await drill.run(say)
  } finally {
    rmSync(clocksFolder, { recursive: true, force: true })
  }
}

function startFleet({ store, bug, bucket }: FleetDrillOptions, clocks: Clocks | undefined): Promise<Fleet> {
  const isFaulty = bug !== undefined || bucket !== undefined
  return Fleet.start({
    store,
    isProxied: true,
    env: {
      TAM_RATE_LIMIT_SCALE: '1000000',
      ...(isFaulty ? { DRILL_BUG: bug ?? 'none', DRILL_BUCKET: String(bucket ?? 0) } : {}),
    },
    ...(isFaulty ? { program: SERVE_FAULTY } : {}),
    ...(clocks === undefined ? {} : { envOf: (name: string) => clocks.envOf(name) }),
  })
}

class FleetDrill {
  readonly #options: FleetDrillOptions
  readonly #fleet: Fleet
  readonly #random: Random
  readonly #recorder = new Recorder()
  readonly #api: Api
  readonly #nemesis: Nemesis
  readonly #memory: MemoryWatch

  constructor(options: FleetDrillOptions, fleet: Fleet, clocks: Clocks | undefined) {
    this.#options = options
    this.#fleet = fleet
    this.#random = seededRandom(options.seed)
    this.#api = new Api(fleet.url)
    this.#nemesis = new Nemesis({ fleet, recorder: this.#recorder, clocks })
    this.#memory = new MemoryWatch(fleet)
  }

  async run(say: (line: string) => void): Promise<DrillResult> {
    try {
      const rate = await this.#rate(say)
      const plan = this.#plan(say)
      const world = await createWorld(this.#api, this.#options.users, this.#random)
      const { workload, churn } = await this.#people(world, rate)
      workload.start()
      churn.start()
      await this.#nemesis.run(plan, (fault) => say(fault))
      await this.#settle({ workload, churn }, say)
      await this.#finalDumps(workload, world, say)
    } finally {
      this.#nemesis.stop()
      this.#memory.stop()
    }
    return this.#judge(say)
  }

  async #rate(say: (line: string) => void): Promise<number> {
    const { rate } = this.#options
    if (this.#fleet.store.engine === 'sqlite') {
      return rate
    }
    const kv = await this.#fleet.store.open()
    const commits = await measureCommits(kv)
    await kv.close()
    const share = Math.max(1, Math.floor(commits * CASSANDRA_SHARE))
    say(`the store takes ${commits.toFixed(0)} commits a second: ${Math.min(rate, share)} sends a second`)
    return Math.min(rate, share)
  }

  /** Told whole: with the seed it says what will happen. */
  #plan(say: (line: string) => void): PlannedFault[] {
    const lengthMs = this.#options.minutes * 60_000
    const plan = planFaults({ targets: this.#nemesis.targets, random: this.#random, lengthMs })
    for (const { atMs, lastsMs, fault } of plan) {
      say(
        `${(atMs / 1_000).toFixed(1).padStart(7)} s  ${(lastsMs / 1_000).toFixed(1).padStart(5)} s  ${describeFault(fault)}`,
      )
    }
    return plan
  }

  async #people(world: World, rate: number): Promise<{ workload: Workload; churn: Churn }> {
    const common = { api: this.#api, world, recorder: this.#recorder, random: this.#random, rate }
    const devices = new Map<Person, Login[]>()
    for (const person of world.people) {
      devices.set(person, await Promise.all(Array.from({ length: DEVICES }, () => Login.open(person))))
    }
    const url = `${this.#fleet.url.replace('http', 'ws')}/ws`
    const { bug } = this.#options
    const clientBug = bug === undefined ? undefined : findBug(bug).client
    const workload = new Workload({ ...common, url, devices, clientBug })
    const logins = new Map<Session, Login>()
    for (const [person, own] of devices) {
      workload.sessionsOf(person).forEach((session, index) => logins.set(session, must(own[index])))
    }
    return { workload, churn: new Churn({ ...common, workload, logins }) }
  }

  async #settle(
    { workload, churn }: { readonly workload: Workload; readonly churn: Churn },
    say: (line: string) => void,
  ): Promise<void> {
    if (this.#options.mode === 'liveness') {
      say('freezing: only one API server, one chat server and the store go on')
      await this.#freeze()
      await Bun.sleep(FROZEN.writeMs)
      workload.finish()
      await churn.finish()
      await settle(workload, this.#recorder, { withinMs: FROZEN.withinMs, quietMs: QUIET_MS.fleet })
      return
    }
    say('healing')
    await this.#nemesis.heal()
    workload.finish()
    await churn.finish()
    const withinMs = this.#isSlow ? SLOW_HEAL_MS : HEAL_MS
    await settle(workload, this.#recorder, { withinMs, quietMs: QUIET_MS.fleet })
    // With the frozen rest of a fleet the bus stays dead: what it carries is not expected.
    await readLive(workload, this.#recorder)
  }

  /** Everything outside of the core stays broken, each in its own way. */
  async #freeze(): Promise<void> {
    await this.#nemesis.release()
    this.#nemesis.begin({ kind: 'kill', target: 'redis' })
    const others = this.#fleet.servers.map(({ name }) => name).filter((name) => !CORE.includes(name))
    for (const [index, target] of others.entries()) {
      this.#nemesis.begin({ kind: index % 2 === 0 ? 'kill' : 'pause', target })
    }
  }

  /** As every server shows it, and as the store holds it. */
  async #finalDumps(workload: Workload, world: World, say: (line: string) => void): Promise<void> {
    say('reading every log from every server')
    const recorder = this.#recorder
    await readStates(workload, recorder)
    workload.stop()
    const { places, people } = world
    // A token of a server whose clock was ahead is no token yet to the others.
    people.forEach((person) => person.renew())
    const isUp = (name: string) => this.#options.mode === 'safety' || CORE.includes(name)
    for (const { name, port } of this.#fleet.of('chat').filter((server) => isUp(server.name))) {
      await dumpOverSocket(`ws://127.0.0.1:${port}/ws`, { places, recorder, node: name })
    }
    for (const { name, url } of this.#fleet.of('api').filter((server) => isUp(server.name))) {
      await dumpOverHttp(new Api(url), { places, recorder, node: name })
    }
    await this.#nemesis.heal()
    const kv = await this.#fleet.store.open()
    const logs = [...places.map(({ conv }) => conv), ...people.map(({ id }) => id)]
    await dumpKv(kv, logs, recorder)
    await kv.close()
    recorder.add({ type: 'nemesis', at: recorder.now(), mark: 'done' })
  }

  /** Three nodes of Cassandra share the machine with all the rest. */
  get #isSlow(): boolean {
    return this.#fleet.store.engine === 'cassandra'
  }

  #judge(say: (line: string) => void): DrillResult {
    for (const [name, times] of this.#nemesis.ended) {
      say(`${name} ended by itself ${times} times`)
    }
    for (const line of this.#nemesis.failures) {
      say(line)
    }
    this.#memory.record(this.#recorder)
    const history = this.#recorder.history.finish()
    const { bucket } = this.#options
    const isSlow = this.#isSlow
    return { history, judgements: check(history, { isSlow, ...(bucket === undefined ? {} : { bucket }) }) }
  }
}

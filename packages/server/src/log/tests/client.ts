import type { MemoryKv } from '../../ports/kv/kv.memory.ts'
import { bucketOf, bucketPartition, ENTRY_KEYS_END, entryKey, seqOfEntryKey } from '../keys.ts'
import type { AppendRequest, AppendResult } from '../log.ts'
import type { SimServer } from './cluster.ts'
import type { History, OperationHistory } from './history.ts'
import type { Process, Simulation } from './simulation.ts'

export const LOG = 'c'
const OPERATIONS = 2
const ATTEMPTS_MAX = 12

interface World {
  readonly simulation: Simulation
  readonly servers: readonly SimServer[]
  readonly store: MemoryKv
  readonly history: History
  readonly bucketSize: number
}

/** A client that sends, loses patience, sends again elsewhere, and sometimes after an acknowledgement too. */
export class SimClient {
  readonly #author: string
  readonly #world: World
  readonly #process: Process = { alive: true }

  constructor(author: string, world: World) {
    this.#author = author
    this.#world = world
  }

  async run(): Promise<void> {
    const { simulation } = this.#world
    for (let wait = simulation.below(40); wait > 0; wait--) {
      await simulation.step(this.#process)
    }
    const pipelined = simulation.chance(0.3)
    const sends: Promise<void>[] = []
    let prev: string | undefined
    for (let index = 0; index < OPERATIONS; index++) {
      const request = await this.#compose(`cid${index}`, prev)
      const send = this.#send(request, this.#pick())
      sends.push(send)
      if (pipelined) {
        prev = request.cid
      } else {
        await send
      }
    }
    await Promise.all(sends)
  }

  /** `base` may be anything the author can have seen. */
  async #compose(cid: string, prev: string | undefined): Promise<AppendRequest> {
    const { simulation } = this.#world
    const head = await this.#head()
    const base = simulation.chance(0.5) ? head : simulation.below(head + 1)
    const sha = `sha-${cid}`
    const body = `"author":"${this.#author}","cid":"${cid}","sha":"${sha}"}`
    const request = { author: this.#author, cid, sha, base, body }
    return prev === undefined ? request : { ...request, prev }
  }

  async #send(request: AppendRequest, server: SimServer): Promise<void> {
    const { simulation, history } = this.#world
    const operation: OperationHistory = { request, invokedAt: simulation.steps, acks: [], failed: false }
    history.operations.push(operation)
    let at = server
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const result = await this.#attempt(at, attempt === 0 ? request : { ...request, resend: true })
      this.#record(operation, result)
      if (this.#isDone(operation, result)) {
        return
      }
      at = this.#pick()
      if (attempt > 0 && simulation.chance(0.08)) {
        await this.#refuse(operation, at)
      }
    }
  }

  /** Sends, and waits for a while. */
  async #attempt(server: SimServer, request: AppendRequest): Promise<AppendResult | undefined> {
    const { simulation } = this.#world
    const answer = server.ask((log) => log.append(LOG, request))
    return simulation.chance(0.2) ? Promise.race([answer, this.#patience()]) : answer
  }

  async #patience(): Promise<undefined> {
    const { simulation } = this.#world
    for (let left = simulation.below(60); left > 0; left--) {
      await simulation.step(this.#process)
    }
  }

  /** An acknowledged or refused operation is sometimes sent again all the same; a fresh failure never is. */
  #isDone(operation: OperationHistory, result: AppendResult | undefined): boolean {
    const { simulation } = this.#world
    if (result?.ok === true || result?.code === 'cid_conflict') {
      return !simulation.chance(0.3)
    }
    return operation.failed
  }

  #record(operation: OperationHistory, result: AppendResult | undefined): void {
    if (result?.ok === true) {
      operation.acks.push({ seq: result.seq, at: this.#world.simulation.steps })
    } else if (result !== undefined && result.code !== 'unknown' && result.code !== 'aborted_after') {
      operation.failed = true
    }
  }

  /** The author may no longer write: the server refuses what may have been stored or may still land. */
  async #refuse(operation: OperationHistory, server: SimServer): Promise<void> {
    const refusal = await server.ask((log) => log.refuse(LOG, operation.request))
    if (refusal?.kind === 'refused') {
      operation.failed = true
    } else if (refusal?.kind === 'stored') {
      operation.acks.push({ seq: refusal.seq, at: this.#world.simulation.steps })
    }
  }

  #pick(): SimServer {
    const { servers, simulation } = this.#world
    return servers[simulation.below(servers.length)] as SimServer
  }

  /** The true head, read out of the store. */
  async #head(): Promise<number> {
    const { store, bucketSize } = this.#world
    for (let seq = 1; ; seq += bucketSize) {
      const partition = bucketPartition(LOG, bucketOf(seq, bucketSize))
      const range = { from: entryKey(1), to: ENTRY_KEYS_END, limit: 1, reverse: true }
      const [newest] = await store.scan(partition, range)
      const head = newest === undefined ? seq - 1 : seqOfEntryKey(newest.key)
      if (head < seq + bucketSize - 1) {
        return head
      }
    }
  }
}

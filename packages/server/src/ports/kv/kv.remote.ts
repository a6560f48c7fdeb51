import { type Clock, wait } from '@tam/util'
import type { KvCall, KvResults } from './kv.remote.frames.ts'
import { type Link, dial } from './kv.remote.link.ts'
import { type Change, type CommitResult, type KeyedRow, type Kv, UnknownOutcome } from './kv.ts'
import type { Row, RowRef, ScanRange } from './kv.ts'

/** Calls in flight, those that wait for a connection included; one more fails as `UnknownOutcome`. */
export const IN_FLIGHT_MAX = 8_192
/** Milliseconds for which opening waits for somebody to serve the store. */
const OPEN_MS = 10_000
const OPEN_POLL_MS = 100

/** Nobody serves a store where the TAM_KV_URL says; the message names the place. */
export class RemoteKvOpenError extends Error {
  override name = 'RemoteKvOpenError'
}

export interface RemoteKvOptions {
  /** Path of the Unix socket that `serveKv` listens on. */
  readonly path: string
  readonly clock: Clock
}

/**
 * A store that another process owns and serves over a Unix socket. A call that was sent is never sent again by
 * itself: when the connection is lost or silent its outcome is Unknown, and the next call opens a new one.
 * @throws {RemoteKvOpenError} nobody served the store for 10 s
 */
export async function openRemoteKv({ path, clock }: RemoteKvOptions): Promise<Kv> {
  const kv = new RemoteKv(path, clock)
  const deadline = clock.monotonic() + OPEN_MS
  for (;;) {
    try {
      await kv.connected()
      return kv
    } catch (error) {
      if (clock.monotonic() > deadline) {
        throw new RemoteKvOpenError(`unix://${path}: nobody serves a store there`, { cause: error })
      }
    }
    await wait(clock, OPEN_POLL_MS)
  }
}

class RemoteKv implements Kv {
  readonly #path: string
  readonly #clock: Clock
  #link: Promise<Link> | undefined
  #inFlight = 0
  #onIdle: (() => void) | undefined
  #isClosed = false

  constructor(path: string, clock: Clock) {
    this.#path = path
    this.#clock = clock
  }

  async get(partition: string, key: string): Promise<Row | undefined> {
    return (await this.#ask({ op: 'get', partition, key })) ?? undefined
  }

  async getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]> {
    const rows = await this.#ask({ op: 'getMany', refs })
    return rows.map((row) => row ?? undefined)
  }

  scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    return this.#ask({ op: 'scan', partition, range })
  }

  commit(partition: string, change: Change): Promise<CommitResult> {
    return this.#ask({ op: 'commit', partition, change })
  }

  /** Waits for the answers that are under way. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#inFlight > 0) {
      await new Promise<void>((resolve) => (this.#onIdle = resolve))
    }
    const link = await this.#link?.catch(() => undefined)
    link?.end('the store is closed')
  }

  /** @throws {UnknownOutcome} */
  connected(): Promise<Link> {
    if (this.#link === undefined) {
      const forget = () => {
        if (this.#link === link) {
          this.#link = undefined
        }
      }
      const link = dial({ path: this.#path }, this.#clock, forget)
      this.#link = link
      link.catch(forget)
    }
    return this.#link
  }

  async #ask<Call extends KvCall>(call: Call): Promise<KvResults[Call['op']]> {
    if (this.#isClosed) {
      throw new UnknownOutcome('the store is closed')
    }
    if (this.#inFlight >= IN_FLIGHT_MAX) {
      throw new UnknownOutcome('too many calls wait for the store; nothing was sent')
    }
    this.#inFlight++
    try {
      const link = await this.connected()
      return (await link.ask(call)) as KvResults[Call['op']]
    } finally {
      this.#inFlight--
      if (this.#inFlight === 0) {
        this.#onIdle?.()
      }
    }
  }
}

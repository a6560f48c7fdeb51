import { type NetConnectOpts, type Socket, connect } from 'node:net'
import type { Cancel, Clock } from '@tam/util'
import { FrameReader, type KvCall, type KvReply, encodeFrame } from './kv.remote.frames.ts'
import { StorageFull, UnknownOutcome } from './kv.ts'

/** Milliseconds for a connection to open. */
export const DIAL_MS = 2_000
/** Milliseconds for one answer; after that the connection is given up, and with it all that is in flight. */
export const ANSWER_MS = 4_000
const CHECK_MS = 500

interface Pending {
  readonly since: number
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** One connection to the process that owns the store. When it ends, whatever is in flight is Unknown. */
export class Link {
  readonly #socket: Socket
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #onEnd: () => void
  readonly #pending = new Map<number, Pending>()
  readonly #reader = new FrameReader()
  readonly #stopChecks: Cancel
  #nextId = 0
  #corked = false
  #isOver = false

  constructor(socket: Socket, clock: Clock, onEnd: () => void) {
    this.#socket = socket
    this.#clock = clock
    this.#onEnd = onEnd
    socket.on('data', (chunk: Buffer) => this.#onData(chunk))
    socket.on('close', () => this.end('the connection to the store was lost'))
    this.#stopChecks = clock.every(CHECK_MS, () => this.#checkAnswers())
  }

  /** @throws {UnknownOutcome | StorageFull} */
  ask(call: KvCall): Promise<unknown> {
    if (this.#isOver) {
      return Promise.reject(new UnknownOutcome('the connection to the store was lost; nothing was sent'))
    }
    return new Promise((resolve, reject) => {
      const id = this.#nextId++
      this.#write(encodeFrame({ id, ...call }))
      this.#pending.set(id, { since: this.#clock.monotonic(), resolve, reject })
    })
  }

  end(reason: string): void {
    if (this.#isOver) {
      return
    }
    this.#isOver = true
    this.#stopChecks()
    this.#socket.destroy()
    this.#onEnd()
    for (const { reject } of this.#pending.values()) {
      reject(new UnknownOutcome(reason))
    }
    this.#pending.clear()
  }

  /** What is asked in one turn of the event loop leaves in one write. */
  #write(frame: Buffer): void {
    if (!this.#corked) {
      this.#corked = true
      this.#socket.cork()
      setImmediate(() => {
        this.#corked = false
        this.#socket.uncork()
      })
    }
    this.#socket.write(frame)
  }

  #onData(chunk: Buffer): void {
    try {
      for (const reply of this.#reader.push(chunk)) {
        this.#settle(reply as KvReply)
      }
    } catch (error) {
      this.end(`what came is no answer of a store: ${String(error)}`)
    }
  }

  #settle(reply: KvReply): void {
    const pending = this.#pending.get(reply.id)
    this.#pending.delete(reply.id)
    if ('result' in reply) {
      pending?.resolve(reply.result)
    } else if (reply.error === 'full') {
      pending?.reject(new StorageFull(reply.message))
    } else {
      pending?.reject(new UnknownOutcome(reply.message))
    }
  }

  #checkAnswers(): void {
    // Answers of reads overtake those of commits; the oldest question is still the first.
    for (const { since } of this.#pending.values()) {
      if (this.#clock.monotonic() - since > ANSWER_MS) {
        this.end(`the store did not answer for ${ANSWER_MS} ms`)
      }
      return
    }
  }
}

/** @throws {UnknownOutcome} nobody answers there */
export function dial(to: NetConnectOpts, clock: Clock, onEnd: () => void): Promise<Link> {
  return new Promise((resolve, reject) => {
    const socket = connect(to)
    const fail = (reason: string) => {
      cancel()
      socket.destroy()
      reject(new UnknownOutcome(`the store cannot be reached: ${reason}; nothing was sent`))
    }
    const cancel = clock.after(DIAL_MS, () => fail(`no answer for ${DIAL_MS} ms`))
    // Also after the connection is open, where `close` follows and says all that is needed.
    socket.on('error', (error) => fail(error.message))
    socket.once('connect', () => {
      cancel()
      resolve(new Link(socket, clock, onEnd))
    })
  })
}

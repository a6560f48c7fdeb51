import { randomId, type Cancel, type Clock, type Random } from '@tam/util'
import type { SendHandle } from '../api.ts'
import { TamError } from '../errors.ts'
import { isSendable } from './message-text.ts'
import type { OutboxItem, OutboxRecord } from './outbox-item.ts'
import type { OutboxStore } from './outbox-store.ts'
import { SendQueue, type Transmission } from './send-queue.ts'

/** Unsent messages on one device; writing more fails with `outbox_full`. */
export const OUTBOX_MAX = 1_000
/** Milliseconds between looks for messages that have expired. */
const EXPIRY_CHECK_MS = 60_000
const CID_LENGTH = 22
const NONE: readonly OutboxItem[] = []

export interface OutboxDependencies {
  readonly clock: Clock
  readonly random: Random
  readonly owner: string
  readonly alive: () => Promise<ReadonlySet<string> | undefined>
  readonly transmit: (transmission: Transmission) => Promise<{ seq: number; at: string }>
  /** Up to where a conversation's log was applied. */
  readonly cursor: (conv: string) => number
  readonly onChange: (conv: string) => void
  readonly onError: (error: unknown) => void
}

/** Every message from the moment it is written until it is stored: one queue per conversation. */
export class Outbox {
  readonly #deps: OutboxDependencies
  readonly #queues = new Map<string, SendQueue>()
  readonly #cancelExpiry: Cancel
  /** Undefined while nobody is signed in. */
  #store: Promise<OutboxStore> | undefined
  #online = false
  #lastOrder = 0

  constructor(dependencies: OutboxDependencies) {
    this.#deps = dependencies
    this.#cancelExpiry = dependencies.clock.every(EXPIRY_CHECK_MS, () => {
      for (const queue of this.#queues.values()) {
        queue.expire()
      }
    })
  }

  /** Takes over what an earlier life of the client left behind; messages written before wait for the store. */
  async open(store: Promise<OutboxStore>): Promise<void> {
    this.#store = store
    await this.adopt()
  }

  /** Takes over what closed tabs left behind. */
  async adopt(): Promise<void> {
    const { owner, alive, onError } = this.#deps
    const store = this.#store
    try {
      const records = (await (await store)?.claim(owner, await alive())) ?? []
      if (store === this.#store) {
        for (const record of records) {
          this.#lastOrder = Math.max(this.#lastOrder, record.order)
          this.#queue(record.conv).adopt(record)
        }
      }
    } catch (error) {
      onError(error)
    }
  }

  /** Forgets everything in memory; `wipe` also removes it from the device. */
  async reset(wipe: boolean): Promise<void> {
    const store = this.#store
    this.#store = undefined
    this.setOnline(false)
    const conversations = [...this.#queues.keys()]
    this.#queues.clear()
    for (const conv of conversations) {
      this.#deps.onChange(conv)
    }
    if (wipe) {
      await (await store)?.clear()
    }
  }

  close(): void {
    this.#cancelExpiry()
    this.setOnline(false)
  }

  setOnline(online: boolean): void {
    this.#online = online
    for (const queue of this.#queues.values()) {
      queue.setOnline(online)
    }
  }

  /** Conversations with unsent messages. */
  conversations(): string[] {
    return [...this.#queues].flatMap(([conv, { length }]) => (length > 0 ? [conv] : []))
  }

  items(conv: string): readonly OutboxItem[] {
    return this.#queues.get(conv)?.items ?? NONE
  }

  send(conv: string, written: string, replyTo: number | undefined): SendHandle {
    const { clock, random, owner, cursor } = this.#deps
    const cid = randomId(random, CID_LENGTH)
    const text = written.normalize('NFC')
    const refusal = this.#refusal(text)
    if (refusal !== undefined) {
      const stored = Promise.reject(refusal)
      stored.catch(() => undefined)
      return { cid, stored }
    }
    const since = clock.now()
    const order = (this.#lastOrder = Math.max(since, this.#lastOrder + 1))
    const record = { cid, conv, text, base: cursor(conv), order, since, owner }
    return { cid, stored: this.#queue(conv).add(replyTo === undefined ? record : { ...record, replyTo }) }
  }

  retry(conv: string, cid: string): void {
    this.#queues.get(conv)?.retry(cid)
  }

  discard(conv: string, cid: string): Promise<string | undefined> {
    return this.#queues.get(conv)?.discard(cid) ?? Promise.resolve(undefined)
  }

  /** One's own entry came through the log. */
  confirm(conv: string, cid: string, seq: number): void {
    this.#queues.get(conv)?.confirm(cid, seq)
  }

  /** The log of `conv` was applied up to `cursor`. */
  applied(conv: string, cursor: number): void {
    this.#queues.get(conv)?.applied(cursor)
  }

  /** The server's positions are of another epoch now. */
  rebase(): void {
    for (const queue of this.#queues.values()) {
      queue.rebase()
    }
  }

  #refusal(text: string): TamError | undefined {
    if (!isSendable(text)) {
      return new TamError('invalid_request')
    }
    const waiting = [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0)
    return waiting >= OUTBOX_MAX ? new TamError('outbox_full', { retryable: true }) : undefined
  }

  #queue(conv: string): SendQueue {
    let queue = this.#queues.get(conv)
    if (queue === undefined) {
      const { clock, random, transmit, cursor, onChange } = this.#deps
      queue = new SendQueue({
        clock,
        random,
        transmit,
        save: (record) => this.#save(record),
        erase: (cid) => void this.#erase(cid),
        cursor: () => cursor(conv),
        onChange: () => onChange(conv),
      })
      this.#queues.set(conv, queue)
      queue.setOnline(this.#online)
    }
    return queue
  }

  async #save(record: OutboxRecord): Promise<void> {
    try {
      await (await this.#store)?.put(record)
    } catch (error) {
      this.#deps.onError(error)
    }
  }

  async #erase(cid: string): Promise<void> {
    try {
      await (await this.#store)?.remove(cid)
    } catch (error) {
      this.#deps.onError(error)
    }
  }
}

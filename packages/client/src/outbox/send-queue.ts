import { fullJitter, type Cancel, type Clock, type Random } from '@tam/util'
import { TamError } from '../errors.ts'
import { deferred, type Deferred } from './deferred.ts'
import type { OutboxItem, OutboxRecord, SendStatus } from './outbox-item.ts'

/** Sends of one conversation without an answer at one time. */
export const SEND_WINDOW = 16
/** Milliseconds after which a message is no longer sent by itself. */
export const EXPIRY_MS = 24 * 60 * 60_000
const RETRY = { baseMs: 500, capMs: 30_000 }

export interface Transmission {
  readonly record: OutboxRecord
  /** cid of the preceding send that has no answer yet. */
  readonly prev?: string
  /** An earlier attempt may have reached the server. */
  readonly resend: boolean
}

export interface SendQueueDependencies {
  readonly clock: Clock
  readonly random: Random
  /** Resolves when stored; rejects with TamError, `retryable` when the outcome is unknown or may change. */
  readonly transmit: (transmission: Transmission) => Promise<{ seq: number; at: string }>
  /** Resolves when on disk, or when that is impossible: then only a restart would lose the message. */
  readonly save: (record: OutboxRecord) => Promise<void>
  readonly erase: (cid: string) => void
  /** Up to where the conversation's log was applied. */
  readonly cursor: () => number
  readonly onChange: () => void
}

interface Entry {
  record: OutboxRecord
  status: SendStatus
  /** Times it was sent, also by an earlier life of the client. */
  attempts: number
  /** Resolves when the attempt in flight has been answered. */
  answered: Promise<unknown>
  readonly stored: Deferred<number>
  /** What was shown last; kept while it is still true. */
  item?: OutboxItem
}

/** The unsent messages of one conversation, sent in typed order, several in flight. */
export class SendQueue {
  readonly #deps: SendQueueDependencies
  #entries: Entry[] = []
  #items: readonly OutboxItem[] | undefined
  #online = false
  #failures = 0
  #retry: Cancel | undefined

  constructor(dependencies: SendQueueDependencies) {
    this.#deps = dependencies
  }

  /** In typed order; the same array until something changes. */
  get items(): readonly OutboxItem[] {
    this.#items ??= this.#makeItems()
    return this.#items
  }

  get length(): number {
    return this.#entries.length
  }

  /** Takes a message written just now. Resolves with its seq. */
  add(record: OutboxRecord): Promise<number> {
    const entry = makeEntry(record, { type: 'saving' }, 0)
    this.#entries.push(entry)
    this.#changed()
    void this.#saved(entry)
    return entry.stored.promise
  }

  /** Takes over a message of an earlier life or of a closed tab. */
  adopt(record: OutboxRecord): void {
    if (this.#find(record.cid) === undefined) {
      const status: SendStatus =
        record.error === undefined ? { type: 'waiting' } : { type: 'failed', code: record.error }
      this.#entries.push(makeEntry(record, status, 1))
      this.#entries.sort((a, b) => a.record.order - b.record.order)
      this.#changed()
      this.pump()
    }
  }

  setOnline(online: boolean): void {
    this.#online = online
    this.#failures = 0
    this.#cancelRetry()
    this.pump()
  }

  /** Sends what may be sent: in order, up to the window, nothing behind a failed one. */
  pump(): void {
    this.expire()
    if (!this.#online || this.#retry !== undefined) {
      return
    }
    let prev: string | undefined
    let inFlight = 0
    for (const entry of this.#entries) {
      const { type } = entry.status
      if (type === 'failed' || type === 'saving' || inFlight >= SEND_WINDOW) {
        return
      }
      if (type === 'waiting') {
        this.#transmit(entry, prev)
      }
      if (type !== 'stored') {
        inFlight++
        prev = entry.record.cid
      }
    }
  }

  /** The entry came through the log: it is stored, whatever became of the answer. */
  confirm(cid: string, seq: number): void {
    const entry = this.#find(cid)
    if (entry !== undefined) {
      entry.stored.resolve(seq)
      this.#drop(entry)
      this.pump()
    }
  }

  /** The log was applied up to `cursor`: stored messages up to there are shown from the log. */
  applied(cursor: number): void {
    for (const entry of this.#entries) {
      if (entry.status.type === 'stored' && entry.status.seq <= cursor) {
        this.#drop(entry)
      }
    }
  }

  retry(cid: string): void {
    const entry = this.#find(cid)
    if (entry?.status.type === 'failed') {
      const { error: _, ...record } = entry.record
      entry.record = { ...record, since: this.#deps.clock.now() }
      this.#become(entry, { type: 'waiting' })
      void this.#deps.save(entry.record)
      this.#cancelRetry()
      this.pump()
    }
  }

  /**
   * Removes an unsent message and returns its text. One in flight is awaited first: undefined when it was stored.
   * One that went out before the connection was lost may still turn up, stored by that attempt.
   */
  async discard(cid: string): Promise<string | undefined> {
    const entry = this.#find(cid)
    if (entry?.status.type === 'sending') {
      await entry.answered
    }
    if (entry === undefined || entry.status.type === 'stored' || !this.#entries.includes(entry)) {
      return undefined
    }
    entry.stored.reject(new TamError('discarded'))
    this.#drop(entry)
    this.pump()
    return entry.record.text
  }

  /** Positions of an older epoch mean nothing: a lower base is always safe. */
  rebase(): void {
    for (const entry of this.#entries) {
      entry.record = { ...entry.record, base: 0 }
      void this.#deps.save(entry.record)
    }
  }

  /** Gives up on messages that waited a day: sending them now could surprise. */
  expire(): void {
    const now = this.#deps.clock.now()
    for (const entry of this.#entries) {
      if (entry.status.type === 'waiting' && now - entry.record.since > EXPIRY_MS) {
        this.#fail(entry, new TamError('expired', { retryable: true }))
      }
    }
  }

  /** Sends a new message as soon as it is on disk. */
  async #saved(entry: Entry): Promise<void> {
    await this.#deps.save(entry.record)
    if (entry.status.type === 'saving') {
      this.#become(entry, { type: 'waiting' })
      this.pump()
    }
  }

  #transmit(entry: Entry, prev: string | undefined): void {
    const transmission = {
      record: entry.record,
      resend: entry.attempts > 0,
      ...(prev !== undefined && { prev }),
    }
    entry.attempts++
    this.#become(entry, { type: 'sending' })
    const { status } = entry
    // An answer to an attempt that was given up meanwhile says nothing about the present one.
    const awaited = () => entry.status === status && this.#entries.includes(entry)
    entry.answered = this.#deps.transmit(transmission).then(
      ({ seq, at }) => awaited() && this.#stored(entry, seq, at),
      (error: TamError) => awaited() && this.#refused(entry, error),
    )
  }

  #stored(entry: Entry, seq: number, at: string): void {
    this.#failures = 0
    this.#become(entry, { type: 'stored', seq, at })
    this.#deps.erase(entry.record.cid)
    entry.stored.resolve(seq)
    this.applied(this.#deps.cursor())
    this.pump()
  }

  #refused(entry: Entry, error: TamError): void {
    if (!error.retryable) {
      this.#fail(entry, error)
      return
    }
    this.#become(entry, { type: 'waiting' })
    if (error.code !== 'offline') {
      this.#pumpLater()
    }
  }

  #fail(entry: Entry, error: TamError): void {
    entry.record = { ...entry.record, error: error.code }
    this.#become(entry, { type: 'failed', code: error.code })
    void this.#deps.save(entry.record)
    entry.stored.reject(error)
  }

  #pumpLater(): void {
    this.#retry ??= this.#deps.clock.after(fullJitter(this.#failures++, RETRY, this.#deps.random), () => {
      this.#retry = undefined
      this.pump()
    })
  }

  #cancelRetry(): void {
    this.#retry?.()
    this.#retry = undefined
  }

  #become(entry: Entry, status: SendStatus): void {
    entry.status = status
    this.#changed()
  }

  #drop(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry)
    if (entry.status.type !== 'stored') {
      this.#deps.erase(entry.record.cid)
    }
    this.#changed()
  }

  #find(cid: string): Entry | undefined {
    return this.#entries.find((entry) => entry.record.cid === cid)
  }

  #changed(): void {
    this.#items = undefined
    this.#deps.onChange()
  }

  #makeItems(): OutboxItem[] {
    let behindFailed = false
    return this.#entries.map((entry) => {
      const item = { record: entry.record, status: entry.status, behindFailed }
      behindFailed ||= entry.status.type === 'failed'
      return (entry.item = sameItem(entry.item, item) ?? item)
    })
  }
}

function sameItem(before: OutboxItem | undefined, after: OutboxItem): OutboxItem | undefined {
  const same =
    before?.record === after.record &&
    before.status === after.status &&
    before.behindFailed === after.behindFailed
  return same ? before : undefined
}

function makeEntry(record: OutboxRecord, status: SendStatus, attempts: number): Entry {
  return { record, status, attempts, answered: Promise.resolve(), stored: deferred() }
}

import { CLOSE } from '@tam/protocol'
import type { Conversation, DownFrame, Entry, HistoryFrame, HistoryOk, SendOk, SyncOk } from '@tam/protocol'
import { fullJitter, randomId } from '@tam/util'
import { Connection } from './connection.ts'
import { Cursors } from './cursors.ts'
import { Heartbeat } from './heartbeat.ts'
import { Outbox } from './outbox.ts'
import type { Outgoing } from './outbox.ts'
import type { SessionOptions, Writing } from './session-options.ts'
import { Witness } from './witness.ts'

const BACKOFF = { baseMs: 20, capMs: 400 }
/** Milliseconds without an answer after which the connection is given up. */
const ANSWER_MS = 10_000
/** Milliseconds before a refused send goes again, at most. */
const RETRY_MS = 200
const CID_LENGTH = 22

type Pending =
  | { readonly kind: 'sync'; readonly since: number }
  | { readonly kind: 'send'; readonly op: number; readonly outgoing: Outgoing; readonly since: number }
  | { readonly kind: 'history'; readonly at: number; readonly conv: string }

/**
 * One device of one person, by its own code and not the SDK's: connects and reconnects, resumes by cursor, resends
 * what is undecided, and records all of it.
 */
export class Session {
  readonly #options: SessionOptions
  readonly #cursors: Cursors
  readonly #witness: Witness
  readonly #heartbeat = new Heartbeat()
  /** Of what was written last. */
  #chain = 0
  readonly #outbox = new Outbox()
  readonly #pending = new Map<number, Pending>()
  readonly #retries = new Set<string>()
  #connection: Connection | undefined
  #connectionNumber = 0
  #isLive = false
  #isStopped = false
  #attempt = 0
  #nextId = 1
  #conversations: readonly Conversation[] = []
  #onSynced: (() => void) | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#cursors = new Cursors(options.name, options.recorder)
    this.#witness = new Witness({ session: options.name, user: options.user.id }, options.recorder)
  }

  get name(): string {
    return this.#options.name
  }

  get userId(): string {
    return this.#options.user.id
  }

  get isLive(): boolean {
    return this.#isLive
  }

  /** Sends that are not decided yet. */
  get undecided(): number {
    return this.#outbox.size
  }

  /** Conversations as the last sync listed them. */
  get conversations(): readonly Conversation[] {
    return this.#conversations
  }

  /** The person's own read positions, as this device has them while it is connected. */
  get reads(): ReadonlyMap<string, number> {
    return this.#witness.reads
  }

  start(): void {
    void this.#connect()
  }

  stop(): void {
    this.#isStopped = true
    this.#connection?.close()
  }

  /**
   * Is not expected to be current from now on, though it goes on trying until it is stopped. What is undecided is the
   * caller's to hand on.
   */
  retire(): Outgoing[] {
    this.#witness.ended()
    return this.#outbox.takeAll()
  }

  /** Takes over what another device of the person left undecided, same cids. */
  adopt(outgoings: readonly Outgoing[]): void {
    for (const outgoing of outgoings) {
      this.#outbox.add({ ...outgoing, state: 'waiting' })
    }
  }

  /** Drops the connection; it comes back by itself. Resolves after the next sync. */
  reconnect(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSynced = resolve
      this.#connection?.close()
    })
  }

  /** Writes a message: sent now if possible, and again until its outcome is known. */
  write(conv: string, text: string, { chained, isRaced = false }: Writing): Outgoing {
    const cid = randomId(this.#options.random, CID_LENGTH)
    const base = this.#cursors.get(conv)
    this.#chain += chained ? 0 : 1
    const chain = this.#chain
    const outgoing: Outgoing = { conv, cid, text, base, chain, attempts: isRaced ? 1 : 0, state: 'waiting' }
    this.#outbox.add(outgoing)
    this.#flush(conv)
    return outgoing
  }

  /** Sends once more what was sent before, by any session of the person, with this text or another. */
  repeat(outgoing: Outgoing, text = outgoing.text): void {
    if (this.#isLive) {
      this.#transmit({ ...outgoing, text, attempts: 1 }, undefined)
    }
  }

  readHistory(conv: string, position: Pick<HistoryFrame, 'before' | 'after' | 'around' | 'limit'>): void {
    if (this.#isLive) {
      const id = this.#nextId++
      this.#pending.set(id, { kind: 'history', at: this.#witness.now(), conv })
      this.#connection?.send({ t: 'history', id, conv, ...position })
    }
  }

  /** Marks everything that was applied as read. */
  markRead(conv: string): void {
    if (this.#isLive && this.#cursors.get(conv) > 0) {
      this.#connection?.send({ t: 'read', conv, seq: this.#cursors.get(conv) })
    }
  }

  /** Gives the connection up when an answer is overdue, or when nothing at all comes. Call it often. */
  checkAnswers(): void {
    const now = this.#witness.now()
    const due = this.#isLive ? this.#heartbeat.look(now) : 'nothing'
    if (due === 'give-up') {
      this.#connection?.close()
      return
    }
    if (due === 'ping') {
      this.#connection?.send({ t: 'ping' })
    }
    const overdue = now - ANSWER_MS
    for (const pending of this.#pending.values()) {
      if (pending.kind === 'send' && pending.since < overdue) {
        this.#connection?.close()
        return
      }
    }
  }

  async #connect(): Promise<void> {
    const { user, url, name, recorder } = this.#options
    let token: string
    try {
      token = await user.token()
    } catch {
      this.#comeBack()
      return
    }
    if (this.#isStopped) {
      return
    }
    this.#connectionNumber = recorder.nextConnection()
    this.#connection = new Connection({
      url,
      token,
      device: `drill-${name}`,
      onFrame: (frame) => this.#onFrame(frame),
      onClose: (code) => this.#onClose(code),
    })
  }

  #onClose(code: number): void {
    this.#isLive = false
    if (code === CLOSE.unauthenticated.code) {
      this.#options.user.renew()
    }
    for (const pending of this.#pending.values()) {
      if (pending.kind === 'send') {
        this.#witness.unknown(pending.op, 'closed')
      }
    }
    this.#pending.clear()
    this.#outbox.reset()
    this.#comeBack()
  }

  #comeBack(): void {
    if (!this.#isStopped) {
      setTimeout(() => void this.#connect(), fullJitter(this.#attempt++, BACKOFF, this.#options.random))
    }
  }

  #onFrame(frame: DownFrame): void {
    this.#heartbeat.heard(this.#witness.now())
    switch (frame.t) {
      case 'hello':
        this.#sync()
        return
      case 'entry':
        this.#onEntries(frame.conv, frame.entries)
        return
      case 'ok':
        this.#onOk(frame)
        return
      case 'err':
        this.#onErr(frame.id, frame.code, frame.retry)
        return
      case 'resync':
        this.#cursors.resync(frame.conv, frame.reason, frame.head)
        return
      case 'drain':
        this.#moveWithin(frame.afterMs)
        return
      case 'read':
        this.#witness.read(frame)
        return
      case 'missed':
        if (this.#isLive) {
          this.#sync()
        }
        return
      default:
    }
  }

  /** The server is about to go: elsewhere, but not all at once. */
  #moveWithin(ms: number): void {
    const connection = this.#connection
    setTimeout(() => connection?.close(), this.#options.random.float() * ms)
  }

  #sync(): void {
    const id = this.#nextId++
    this.#pending.set(id, { kind: 'sync', since: this.#witness.now() })
    this.#connection?.send({ t: 'sync', id, cursors: this.#cursors.connect() })
  }

  #onEntries(conv: string, entries: readonly Entry[]): void {
    for (const entry of this.#cursors.receive(conv, entries)) {
      this.#onFresh(entry)
    }
  }

  #onFresh(entry: Entry): void {
    if (entry.type === 'joined') {
      this.#cursors.join(entry.conv, entry.head)
      this.#witness.advance(entry.conv, entry.head)
    } else if (entry.type === 'left') {
      this.#witness.forget(entry.conv)
    }
  }

  #onOk(frame: SyncOk | SendOk | HistoryOk): void {
    const pending = this.#pending.get(frame.id)
    this.#pending.delete(frame.id)
    if (pending?.kind === 'sync' && 'conversations' in frame) {
      this.#onSync(frame, pending.since)
    } else if (pending?.kind === 'send' && 'seq' in frame) {
      this.#onAck(pending.op, pending.outgoing, frame.seq)
    } else if (pending?.kind === 'history' && 'entries' in frame) {
      this.#witness.history(pending.at, pending.conv, frame)
    }
  }

  #onSync({ conversations, user }: SyncOk, since: number): void {
    this.#connection?.established()
    this.#conversations = conversations
    for (const { id, read } of conversations) {
      this.#witness.read({ conv: id, user: this.userId, seq: read, asked: since })
    }
    const heads = conversations.map(({ id, head }) => [id, head] as const)
    this.#cursors.synced([...heads, [this.userId, user.head]], (entry) => this.#onFresh(entry))
    this.#isLive = true
    this.#attempt = 0
    this.#retries.clear()
    for (const conv of this.#outbox.conversations()) {
      this.#flush(conv)
    }
    this.#onSynced?.()
    this.#onSynced = undefined
  }

  #onAck(op: number, outgoing: Outgoing, seq: number): void {
    this.#witness.acked(op, seq)
    this.#outbox.remove(outgoing)
    this.#options.onAcked(outgoing)
  }

  #onErr(id: number | undefined, code: string, retry: boolean): void {
    const pending = id === undefined ? undefined : this.#pending.get(id)
    if (id === undefined || pending?.kind !== 'send') {
      return
    }
    this.#pending.delete(id)
    const { op, outgoing } = pending
    if (retry) {
      this.#witness.unknown(op, code)
      outgoing.state = 'waiting'
      this.#flushLater(outgoing.conv)
    } else {
      this.#witness.refused(op, code)
      this.#outbox.remove(outgoing)
    }
  }

  #flushLater(conv: string): void {
    if (!this.#retries.has(conv)) {
      this.#retries.add(conv)
      setTimeout(() => {
        this.#retries.delete(conv)
        this.#flush(conv)
      }, this.#options.random.float() * RETRY_MS)
    }
  }

  /** Sends what waits, in order; nothing overtakes a send whose retry is due. */
  #flush(conv: string): void {
    if (this.#isLive && !this.#retries.has(conv)) {
      for (const { outgoing, prev } of this.#outbox.waiting(conv)) {
        outgoing.state = 'sent'
        this.#transmit(outgoing, prev)
        outgoing.attempts++
      }
    }
  }

  #transmit(outgoing: Outgoing, prev: string | undefined): void {
    const { conv, cid, text, base, attempts } = outgoing
    const [id, since] = [this.#nextId++, this.#witness.now()]
    const chain = prev === undefined ? {} : { prev }
    const op = this.#witness.sent(outgoing, { connection: this.#connectionNumber, ...chain })
    this.#pending.set(id, { kind: 'send', op, outgoing, since })
    const resend = attempts > 0 ? { resend: true } : {}
    const { bug, random } = this.#options
    const said = bug === 'new-cid-on-retry' && attempts > 0 ? randomId(random, CID_LENGTH) : cid
    this.#connection?.send({ t: 'send', id, conv, cid: said, base, ...chain, ...resend, text })
  }
}

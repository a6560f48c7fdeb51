import { must, seededRandom } from '@tam/util'
import type { Random } from '@tam/util'
import type { DrillEvent, FinalEvent, SendEvent } from './event.ts'

/*
 * Makes the history that a correct server would leave: concurrent sends with unknown outcomes and retries,
 * refusals, pipelines, reconnects, history reads, read positions. The log named QUIET has writers but no
 * readers, so that a fault planted in it is seen by one invariant only.
 */

export const QUIET = 'quiet'
/** Small, so that bucket edges are met. */
export const SYNTHETIC_BUCKET = 10

/** A person removed long before anything happens, and one who is away all the time with a device that is pushed to. */
export const REMOVED = 'u6'
export const AWAY = 'u7'
export const AWAY_DEVICE = 'điện thoại của u7'
/** An attachment of the first live log. */
export const ATTACHMENT = { key: 'tệp', sha: 'sha của tệp' }

const USERS = 6
const DEVICES = 2
export const LIVE_LOGS = ['nhóm-một', 'nhóm-hai']
const FIRST_LOG = must(LIVE_LOGS[0])

export interface SyntheticOptions {
  readonly seed: number
  /** Logical sends over all logs. */
  readonly sends: number
}

interface Stored {
  readonly at: number
  readonly cid: string
  readonly author: string
  readonly sha: string
  readonly kind: string
}

interface Attempted {
  readonly send: Omit<SendEvent, 'op'>
  readonly outcome: 'ok' | 'fail' | 'info'
  readonly until: number
}

/** A clean history; the same seed gives the same one. */
export function synthesize(options: SyntheticOptions): DrillEvent[] {
  return new Synthesizer(options).run()
}

class Synthesizer {
  readonly #random: Random
  readonly #sends: number
  readonly #attempts: Attempted[] = []
  readonly #stored = new Map<string, Stored[]>()
  readonly #events: DrillEvent[] = []
  #cids = 0
  #connections = USERS * DEVICES
  #end = 0

  constructor({ seed, sends }: SyntheticOptions) {
    this.#random = seededRandom(seed)
    this.#sends = sends
  }

  run(): DrillEvent[] {
    for (const conv of [...LIVE_LOGS, QUIET]) {
      this.#stored.set(conv, [
        { at: 0, cid: `created-${conv}`, author: 'u0', sha: 'created', kind: 'created' },
      ])
    }
    this.#write()
    for (const stored of this.#stored.values()) {
      stored.sort((a, b) => a.at - b.at)
    }
    this.#acknowledge()
    for (const conv of LIVE_LOGS) {
      this.#deliver(conv)
      this.#readHistory(conv)
      this.#readPositions(conv)
    }
    this.#comeAndGo()
    this.#logOut()
    this.#push()
    this.#attach()
    this.#events.push({ type: 'nemesis', at: this.#end, mark: 'heal' })
    this.#events.sort((a, b) => ('at' in a ? a.at : 0) - ('at' in b ? b.at : 0))
    this.#dump()
    return this.#events
  }

  /** Each device writes one pipeline after the other; devices overlap. */
  #write(): void {
    const devices = USERS * DEVICES
    const clocks = Array.from({ length: devices }, () => this.#random.float())
    for (let sent = 0; sent < this.#sends;) {
      const device = this.#pick(devices)
      const length = this.#random.float() < 0.3 ? 2 + this.#pick(3) : 1
      clocks[device] = this.#pipeline(device, must(clocks[device]), length)
      sent += length
    }
    this.#end = Math.max(...clocks) + 100
  }

  /** Invokes `length` sends back to back, each naming the one before; returns when all are decided. */
  #pipeline(device: number, start: number, length: number): number {
    const user = `u${device % USERS}`
    const conv = must([...LIVE_LOGS, QUIET][this.#pick(3)])
    let invoked = start + this.#random.float()
    let storedAt = invoked
    let decided = invoked
    let prev: string | undefined
    for (let i = 0; i < length; i++) {
      invoked += 0.01
      storedAt = Math.max(storedAt, invoked) + this.#random.float()
      const cid = `cid-${this.#cids++}`
      const send = {
        type: 'send' as const,
        at: invoked,
        connection: device,
        user,
        conv,
        cid,
        sha: `sha-${cid}`,
        base: 0,
        ...(prev === undefined ? {} : { prev }),
      }
      decided = Math.max(decided, this.#attempt(send, storedAt, length === 1))
      prev = cid
    }
    return decided + this.#random.float()
  }

  #attempt(send: Attempted['send'], storedAt: number, isAlone: boolean): number {
    const chance = this.#random.float()
    const ackAt = storedAt + this.#random.float()
    const { cid, user: author, sha, conv } = send
    const store = (at: number) => must(this.#stored.get(conv)).push({ at, cid, author, sha, kind: 'message' })
    if (isAlone && chance < 0.03) {
      this.#attempts.push({ send, outcome: 'fail', until: ackAt })
      return ackAt
    }
    if (isAlone && chance < 0.15) {
      return this.#retried(send, storedAt, store)
    }
    store(storedAt)
    this.#attempts.push({ send, outcome: 'ok', until: ackAt })
    if (chance > 0.95) {
      return this.#again(send, ackAt)
    }
    return ackAt
  }

  /** The first attempt's outcome is unknown: half of them stored the entry, the retry stores the others. */
  #retried(send: Attempted['send'], storedAt: number, store: (at: number) => void): number {
    const lostAt = storedAt + 0.5
    const isStored = this.#random.float() < 0.5
    store(isStored ? storedAt : lostAt + 1)
    this.#attempts.push({ send, outcome: 'info', until: lostAt })
    return this.#again(send, lostAt)
  }

  /** A retry comes over another connection, as a client's does after a lost one. */
  #again(send: Attempted['send'], after: number): number {
    const at = after + 0.1
    this.#attempts.push({
      send: { ...send, at, connection: this.#connections++ },
      outcome: 'ok',
      until: at + 2,
    })
    return at + 2
  }

  #acknowledge(): void {
    this.#attempts.sort((a, b) => a.send.at - b.send.at)
    const seqs = new Map<string, number>()
    for (const log of this.#stored.values()) {
      for (const [i, { cid }] of log.entries()) {
        seqs.set(cid, i + 1)
      }
    }
    for (const [op, { send, outcome, until }] of this.#attempts.entries()) {
      this.#events.push({ ...send, op })
      if (outcome === 'ok') {
        this.#events.push({ type: 'ok', at: until, op, seq: must(seqs.get(send.cid)) })
      } else if (outcome === 'fail') {
        this.#events.push({ type: 'fail', at: until, op, code: 'not_found' })
      } else {
        this.#events.push({ type: 'info', at: until, op, reason: 'closed' })
      }
    }
  }

  #deliver(conv: string): void {
    const log = must(this.#stored.get(conv))
    for (const { session } of this.#devices()) {
      let at = log[0]?.at ?? 0
      this.#events.push({ type: 'resume', at, session, conv, from: 1, cause: 'start' })
      for (const [i, { at: storedAt, cid, author, sha }] of log.entries()) {
        if (i === 0) {
          continue
        }
        at = Math.max(at, storedAt) + this.#random.float() * 0.2
        if (this.#random.float() < 0.02) {
          this.#events.push({ type: 'resume', at, session, conv, from: i, cause: 'reconnect' })
        }
        this.#events.push({ type: 'recv', at, session, conv, seq: i + 1, cid, author, sha })
      }
    }
  }

  #readHistory(conv: string): void {
    const log = must(this.#stored.get(conv))
    const clocks = new Map<string, number>()
    for (let i = 0; i < this.#sends / 20; i++) {
      const { session, user } = must(this.#devices()[this.#pick(USERS * DEVICES)])
      const at = (clocks.get(session) ?? 0) + this.#random.float() * 10
      clocks.set(session, at + 0.5)
      const head = log.findLastIndex((entry) => entry.at <= at + 0.4) + 1
      const from = this.#pick(head)
      const entries = log.slice(from, Math.min(head, from + 20)).map((entry, offset) => ({
        seq: from + offset + 1,
        cid: entry.cid,
        author: entry.author,
        sha: entry.sha,
      }))
      this.#events.push({ type: 'history', at, until: at + 0.5, session, user, conv, entries, head })
    }
  }

  #readPositions(conv: string): void {
    const log = must(this.#stored.get(conv))
    for (let u = 0; u < USERS; u++) {
      const read = this.#pick(log.length)
      const user = `u${u}`
      const others = log
        .slice(read)
        .filter(({ author, kind }) => author !== user && kind === 'message').length
      for (const { session } of this.#devices().filter((device) => device.user === user)) {
        const common = { session, user, conv }
        this.#events.push({ type: 'read', at: this.#end - 2, ...common, seq: read >> 1 })
        this.#events.push({ type: 'read', at: this.#end - 1, ...common, seq: read })
        this.#events.push({ type: 'unread', at: this.#end, ...common, read, unread: Math.min(others, 100) })
      }
    }
  }

  #comeAndGo(): void {
    for (const { session, user } of this.#devices()) {
      this.#events.push({ type: 'session', session, user })
    }
    const changes = [
      [REMOVED, 'added', -90_000],
      [REMOVED, 'removed', -80_000],
      [AWAY, 'added', -90_000],
    ] as const
    for (const [user, change, at] of changes) {
      this.#events.push({ type: 'membership', at, until: at + 5, conv: FIRST_LOG, user, change })
    }
  }

  /** A session that is current until its login is ended. */
  #logOut(): void {
    const [session, user, conv] = ['phiên cũ', 'u0', FIRST_LOG]
    const log = must(this.#stored.get(conv)).slice(1, 5)
    this.#events.push({ type: 'session', session, user })
    this.#events.push({ type: 'resume', at: 0, session, conv, from: 1, cause: 'start' })
    for (const [i, { at, cid, author, sha }] of log.entries()) {
      this.#events.push({ type: 'recv', at: at + 0.1, session, conv, seq: i + 2, cid, author, sha })
    }
    const at = must(log.at(-1)).at + 1
    this.#events.push({ type: 'revoke', at, session }, { type: 'stop', at, session })
  }

  #push(): void {
    const log = must(this.#stored.get(FIRST_LOG))
    const common = { user: AWAY, device: AWAY_DEVICE }
    this.#events.push({ type: 'offline', at: 0, until: this.#end + 200_000, ...common })
    for (const [i, { kind, at }] of log.entries()) {
      if (kind === 'message') {
        const push = { type: 'push' as const, at: at + 31_000, conv: FIRST_LOG, seq: i + 1, ...common }
        this.#events.push({ ...push, action: 'show' })
      }
    }
  }

  #attach(): void {
    const at = this.#end
    const { key, sha } = ATTACHMENT
    const download = { type: 'download' as const, at: at + 1, until: at + 2, key }
    this.#events.push({ type: 'upload', at, conv: FIRST_LOG, key, sha })
    this.#events.push(
      { ...download, user: AWAY, status: 200, sha },
      { ...download, user: REMOVED, status: 404 },
    )
  }

  #dump(): void {
    for (const [conv, log] of this.#stored) {
      for (const node of ['store', 'ws', 'http']) {
        this.#events.push({ type: 'dump', node, conv, scope: node === 'http' ? 'messages' : 'all' })
        for (const [i, { cid, author, sha, kind }] of log.entries()) {
          const bucket = Math.floor(i / SYNTHETIC_BUCKET)
          const entry: FinalEvent = { type: 'final', node, conv, seq: i + 1, cid, author, sha, kind, bucket }
          if (node === 'store') {
            this.#events.push(entry, { type: 'dedupe', conv, bucket, author, cid, seq: i + 1 })
          } else if (node === 'ws' || kind === 'message') {
            this.#events.push(entry)
          }
        }
      }
    }
  }

  #devices(): { session: string; user: string }[] {
    return Array.from({ length: USERS * DEVICES }, (_, i) => ({ session: `s${i}`, user: `u${i % USERS}` }))
  }

  #pick(bound: number): number {
    return Math.floor(this.#random.float() * bound)
  }
}

import { must, unreachable } from '@tam/util'
import type {
  DedupeEvent,
  DownloadEvent,
  DrillEvent,
  FailEvent,
  FaultEvent,
  FinalEvent,
  HistoryEvent,
  InfoEvent,
  LeaveEvent,
  MembershipEvent,
  MemoryEvent,
  NemesisEvent,
  OfflineEvent,
  OkEvent,
  PushEvent,
  ReadEvent,
  RecvEvent,
  ResumeEvent,
  ResyncEvent,
  RevokeEvent,
  SendEvent,
  SessionEvent,
  UnconfirmedEvent,
  UnreadEvent,
  UploadEvent,
} from './event.ts'

export interface Attempt {
  readonly send: SendEvent
  outcome: OkEvent | FailEvent | InfoEvent | undefined
}

/** What one session saw of one log, in order. */
export type Delivery = ResumeEvent | ResyncEvent | RecvEvent | LeaveEvent

export interface Stream {
  readonly session: string
  readonly conv: string
  readonly deliveries: Delivery[]
}

export interface Dump {
  readonly node: string
  readonly scope: 'all' | 'messages'
  readonly entries: FinalEvent[]
}

/** The final state of one log. */
export interface FinalLog {
  readonly conv: string
  readonly dumps: Map<string, Dump>
  /** Of the reference dump: the store's if there is one. */
  readonly bySeq: Map<number, FinalEvent>
  readonly byCid: Map<string, FinalEvent>
  head: number
}

export const STORE = 'store'

type OutsideEvent =
  | SessionEvent
  | MembershipEvent
  | UnconfirmedEvent
  | RevokeEvent
  | PushEvent
  | OfflineEvent
  | UploadEvent
  | DownloadEvent
  | FaultEvent
  | MemoryEvent

/** A history indexed for the invariants; built once, in one pass, read only afterwards. */
export class History {
  readonly attempts: Attempt[] = []
  readonly streams: Stream[] = []
  readonly logs = new Map<string, FinalLog>()
  readonly histories: HistoryEvent[] = []
  readonly reads: ReadEvent[] = []
  readonly unreads: UnreadEvent[] = []
  readonly marks: NemesisEvent[] = []
  readonly dedupes: DedupeEvent[] = []
  readonly stopped = new Set<string>()
  /** The user of each session. */
  readonly owners = new Map<string, string>()
  readonly memberships: MembershipEvent[] = []
  readonly unconfirmed: UnconfirmedEvent[] = []
  readonly revocations: RevokeEvent[] = []
  readonly pushes: PushEvent[] = []
  readonly offline: OfflineEvent[] = []
  readonly uploads: UploadEvent[] = []
  readonly downloads: DownloadEvent[] = []
  readonly faults: FaultEvent[] = []
  readonly memory: MemoryEvent[] = []
  events = 0
  readonly #streams = new Map<string, Map<string, Stream>>()

  static from(events: Iterable<DrillEvent>): History {
    const history = new History()
    for (const event of events) {
      history.add(event)
    }
    return history.finish()
  }

  add(event: DrillEvent): void {
    this.events++
    switch (event.type) {
      case 'send':
        this.attempts[event.op] = { send: event, outcome: undefined }
        return
      case 'ok':
      case 'fail':
      case 'info':
        must(this.attempts[event.op], `outcome of an attempt never invoked: ${event.op}`).outcome = event
        return
      case 'resume':
      case 'resync':
      case 'recv':
      case 'leave':
        this.#stream(event.session, event.conv).deliveries.push(event)
        return
      case 'history':
        this.histories.push(event)
        return
      case 'read':
        this.reads.push(event)
        return
      case 'unread':
        this.unreads.push(event)
        return
      case 'stop':
        this.stopped.add(event.session)
        return
      case 'nemesis':
        this.marks.push(event)
        return
      case 'dump':
        this.#log(event.conv).dumps.set(event.node, { node: event.node, scope: event.scope, entries: [] })
        return
      case 'final':
        must(this.#log(event.conv).dumps.get(event.node), 'final entry without its dump').entries.push(event)
        return
      case 'dedupe':
        this.dedupes.push(event)
        return
      default:
        this.#addOutside(event)
    }
  }

  /** What happened around the sessions. */
  #addOutside(event: OutsideEvent): void {
    switch (event.type) {
      case 'session':
        this.owners.set(event.session, event.user)
        return
      case 'membership':
        this.memberships.push(event)
        return
      case 'unconfirmed':
        this.unconfirmed.push(event)
        return
      case 'revoke':
        this.revocations.push(event)
        return
      case 'push':
        this.pushes.push(event)
        return
      case 'offline':
        this.offline.push(event)
        return
      case 'upload':
        this.uploads.push(event)
        return
      case 'download':
        this.downloads.push(event)
        return
      case 'fault':
        this.faults.push(event)
        return
      case 'memory':
        this.memory.push(event)
        return
      default:
        unreachable(event)
    }
  }

  /** Builds the reference index of every log; call once, after the last event. */
  finish(): this {
    for (const log of this.logs.values()) {
      for (const entry of referenceDump(log)?.entries ?? []) {
        log.bySeq.set(entry.seq, entry)
        const key = cidKey(entry.author, entry.cid)
        if (!log.byCid.has(key)) {
          log.byCid.set(key, entry)
        }
        log.head = Math.max(log.head, entry.seq)
      }
    }
    return this
  }

  /** The final entry of an attempt's cid, or undefined when it was never stored. */
  stored(send: SendEvent): FinalEvent | undefined {
    return this.logs.get(send.conv)?.byCid.get(cidKey(send.user, send.cid))
  }

  mark(mark: NemesisEvent['mark']): NemesisEvent | undefined {
    return this.marks.findLast((event) => event.mark === mark)
  }

  #stream(session: string, conv: string): Stream {
    let bySession = this.#streams.get(session)
    if (bySession === undefined) {
      bySession = new Map()
      this.#streams.set(session, bySession)
    }
    let stream = bySession.get(conv)
    if (stream === undefined) {
      stream = { session, conv, deliveries: [] }
      bySession.set(conv, stream)
      this.streams.push(stream)
    }
    return stream
  }

  #log(conv: string): FinalLog {
    let log = this.logs.get(conv)
    if (log === undefined) {
      log = { conv, dumps: new Map(), bySeq: new Map(), byCid: new Map(), head: 0 }
      this.logs.set(conv, log)
    }
    return log
  }
}

/** (author, cid) names a logical operation within one log. */
export function cidKey(author: string, cid: string): string {
  return `${author} ${cid}`
}

/** The dump that observations are compared with: the store's own, else the first complete one. */
export function referenceDump(log: FinalLog): Dump | undefined {
  return log.dumps.get(STORE) ?? [...log.dumps.values()].find((dump) => dump.scope === 'all')
}

import { must } from '@tam/util'
import type { Random } from '@tam/util'
import type { DedupeEvent, DrillEvent, FinalEvent, RecvEvent, SendEvent } from './event.ts'
import { QUIET, SYNTHETIC_BUCKET } from './synthetic.ts'

/* Edits of a synthetic history, from which faults are planted. */

/** A fault planted into a clean history, and the one invariant that has to see it. */
export interface PlantedFault {
  readonly name: string
  readonly violates: string
  plant(events: readonly DrillEvent[], random: Random): DrillEvent[]
}

export function finals(events: readonly DrillEvent[], conv: string, node = 'store'): FinalEvent[] {
  return events.filter(
    (event): event is FinalEvent => event.type === 'final' && event.conv === conv && event.node === node,
  )
}

export function without(events: readonly DrillEvent[], gone: DrillEvent): DrillEvent[] {
  return events.filter((event) => event !== gone)
}

/** A delivery that has two before and two after it in its session and log. */
export function pickRecv(events: readonly DrillEvent[], random: Pick<Random, 'float'>): RecvEvent {
  const recvs = events.filter((event): event is RecvEvent => event.type === 'recv')
  const middle = recvs.slice(recvs.length >> 2, recvs.length >> 1)
  return must(middle[Math.floor(random.float() * middle.length)])
}

export function nextRecv(
  events: readonly DrillEvent[],
  { session, conv, seq }: RecvEvent,
): RecvEvent | undefined {
  return events.find(
    (event): event is RecvEvent =>
      event.type === 'recv' && event.session === session && event.conv === conv && event.seq === seq + 1,
  )
}

export function isOnlyAttempt(events: readonly DrillEvent[], op: number): boolean {
  const sends = events.filter((event): event is SendEvent => event.type === 'send')
  const send = must(sends.find((event) => event.op === op))
  const isChained = send.prev !== undefined || sends.some((other) => other.prev === send.cid)
  const isQuiet = send.conv === QUIET
  return isQuiet && !isChained && sends.filter((other) => other.cid === send.cid).length === 1
}

export function lastTime(events: readonly DrillEvent[]): number {
  return events.reduce((last, event) => ('at' in event ? Math.max(last, event.at) : last), 0)
}

/** A new attempt in the quiet log after everything else. */
export function sendOf(events: readonly DrillEvent[], cid: string): SendEvent {
  const op = events.filter((event) => event.type === 'send').length
  const at = lastTime(events) + 1
  return { type: 'send', at, op, connection: 1e6, user: 'u1', conv: QUIET, cid, sha: `sha-${cid}`, base: 0 }
}

export function laterSends(events: readonly DrillEvent[], at: number): SendEvent[] {
  const first = { ...sendOf(events, 'first'), at }
  return [first, { ...first, op: first.op + 1, user: 'u2', cid: 'second', sha: 'sha-second' }]
}

export function entryOf({ cid, user, sha }: SendEvent): Pick<FinalEvent, 'cid' | 'author' | 'sha'> {
  return { cid, author: user, sha }
}

/** Appends an entry to every node's dump of `conv`, with its dedupe row. */
export function append(
  events: readonly DrillEvent[],
  conv: string,
  entry: Pick<FinalEvent, 'cid' | 'author' | 'sha'>,
): DrillEvent[] {
  const seq = finals(events, conv).length + 1
  const bucket = Math.floor((seq - 1) / SYNTHETIC_BUCKET)
  const row: DedupeEvent = { type: 'dedupe', conv, bucket, author: entry.author, cid: entry.cid, seq }
  const nodes = ['store', 'ws', 'http']
  return [
    ...events,
    row,
    ...nodes.map((node): FinalEvent => ({
      type: 'final',
      node,
      conv,
      seq,
      kind: 'message',
      bucket,
      ...entry,
    })),
  ]
}

export function dedupeOf(events: readonly DrillEvent[], entry: FinalEvent): DedupeEvent | undefined {
  return events.find(
    (event): event is DedupeEvent =>
      event.type === 'dedupe' && event.conv === entry.conv && event.cid === entry.cid,
  )
}

/** Every seq of the quiet log from `from` on is one higher, wherever it is written. */
export function withHole(events: readonly DrillEvent[], from: number): DrillEvent[] {
  const quietOps = new Set(
    events.flatMap((event) => (event.type === 'send' && event.conv === QUIET ? [event.op] : [])),
  )
  const shift = (seq: number) => (seq >= from ? seq + 1 : seq)
  return events.map((event) => {
    switch (event.type) {
      case 'ok':
        return quietOps.has(event.op) ? { ...event, seq: shift(event.seq) } : event
      case 'final':
        return event.conv === QUIET
          ? { ...event, seq: shift(event.seq), ...bucketOf(shift(event.seq)) }
          : event
      case 'dedupe':
        return event.conv === QUIET && event.seq !== null
          ? { ...event, seq: shift(event.seq), ...bucketOf(shift(event.seq)) }
          : event
      default:
        return event
    }
  })
}

function bucketOf(seq: number): { bucket: number } {
  return { bucket: Math.floor((seq - 1) / SYNTHETIC_BUCKET) }
}

import { isMessage } from '../messages/entry-head.ts'
import { type Bus, topics } from '../ports/bus/bus.ts'
import { BUS_BODY_MAX_BYTES } from './limits.ts'

/*
 * How committed entries travel between servers: `<log> <first> <last> <kind>\n`, then the encoded entries, one per
 * line. JSON never contains a bare line feed, so entries are told apart without being parsed.
 */

/** messages: nothing changes who may receive · control: look at each entry · hint: read them from the log. */
export type FeedKind = 'messages' | 'control' | 'hint'

const LETTER: Record<FeedKind, string> = { messages: 'm', control: 'c', hint: 'h' }
const KIND: Readonly<Record<string, FeedKind>> = { m: 'messages', c: 'control', h: 'hint' }
const NONE: readonly string[] = []

/** A stretch of one log, as heard from the bus. */
export interface FeedEvent {
  readonly first: number
  readonly last: number
  readonly kind: FeedKind
  /** Encoded entries first..last; empty for a hint. */
  readonly entries: readonly string[]
}

/** Tells every server of entries that are durable. The listener of the log's commits. */
export function publishEntries(
  bus: Pick<Bus, 'publish'>,
  log: string,
  first: number,
  entries: readonly string[],
): void {
  bus.publish(topics.log(log), encodeFeedEvent(log, first, entries))
}

export function encodeFeedEvent(log: string, first: number, entries: readonly string[]): string {
  const last = first + entries.length - 1
  const body = entries.length === 1 ? (entries[0] ?? '') : entries.join('\n')
  const isLarge = entries.some((entry) => exceeds(entry, BUS_BODY_MAX_BYTES))
  const kind = isLarge ? 'hint' : entries.every(isMessage) ? 'messages' : 'control'
  return `${log} ${first} ${last} ${LETTER[kind]}\n${kind === 'hint' ? '' : body}`
}

/** Undefined for a message that is none of ours. */
export function decodeFeedEvent(message: string): FeedEvent | undefined {
  const end = message.indexOf('\n')
  const afterLog = message.indexOf(' ') + 1
  const afterFirst = message.indexOf(' ', afterLog) + 1
  const afterLast = message.indexOf(' ', afterFirst) + 1
  const first = Number(message.slice(afterLog, afterFirst - 1))
  const last = Number(message.slice(afterFirst, afterLast - 1))
  const kind = KIND[message.slice(afterLast, end)]
  if (end < afterLast || kind === undefined || !isStretch(first, last)) {
    return undefined
  }
  const entries = kind === 'hint' ? NONE : entriesAt(message, end + 1, last - first + 1)
  return entries === undefined ? undefined : { first, last, kind, entries }
}

function entriesAt(message: string, start: number, count: number): readonly string[] | undefined {
  if (count === 1) {
    return [message.slice(start)]
  }
  const entries = message.slice(start).split('\n')
  return entries.length === count ? entries : undefined
}

function isStretch(first: number, last: number): boolean {
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) && first > 0 && last >= first
}

// A UTF-16 unit takes one to three bytes, so most texts are decided by their length alone.
function exceeds(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes)
}

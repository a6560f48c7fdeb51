import { PAGE_DEFAULT } from '@tam/protocol'
import type { Log } from '../log/log.ts'
import type { EntryCache } from './entry-cache.ts'
import { isMessage, seqOf } from './entry-head.ts'
import type { HistoryPage, HistoryPosition, MessagesPage, MessagesPosition } from './messages.ts'

/** Entries looked through at a time for messages; later steps double up to the second number. */
const STEP_FIRST = 64
const STEP_MAX = 1_024

/** Pages of a log: raw entries for the socket, messages for HTTP. Asks nobody's permission. */
export class History {
  readonly #log: Pick<Log, 'head'>
  readonly #entries: EntryCache

  constructor(log: Pick<Log, 'head'>, entries: EntryCache) {
    this.#log = log
    this.#entries = entries
  }

  async entries(conv: string, position: HistoryPosition): Promise<HistoryPage> {
    const head = await this.#log.head(conv)
    const { from, to } = rangeOf(position, head)
    // No entry changes an earlier one yet; edits and deletions fold in here.
    return { entries: from > to ? [] : await this.#entries.read(conv, from, to), state: {}, head }
  }

  async messages(conv: string, position: MessagesPosition): Promise<MessagesPage> {
    const head = await this.#log.head(conv)
    const { limit = PAGE_DEFAULT } = position
    if ('after' in position) {
      const { found, more } = await this.#forward(conv, position.after, { limit, head })
      return {
        messages: found,
        hasBefore: await this.#hasBefore(conv, found[0], position.after, head),
        hasAfter: more,
        head,
      }
    }
    if ('around' in position) {
      return this.#around(conv, position.around, { limit, head })
    }
    // A position before the first entry is the same as one at it.
    const before = 'before' in position ? Math.max(1, Math.min(position.before, head + 1)) : head + 1
    const { found, more } = await this.#backward(conv, before, limit)
    return {
      messages: found,
      hasBefore: more,
      hasAfter: await this.#hasAfter(conv, found.at(-1), before - 1, head),
      head,
    }
  }

  async #around(conv: string, seq: number, { limit, head }: Bounds): Promise<MessagesPage> {
    const centre = Math.max(1, Math.min(seq, head))
    const [older, newer] = await Promise.all([
      this.#backward(conv, centre, limit),
      this.#forward(conv, centre - 1, { limit, head }),
    ])
    // Half of the page on each side; what one side lacks, the other gives.
    const wantedOlder = Math.floor(limit / 2)
    const fromOlder = Math.min(older.found.length, Math.max(wantedOlder, limit - newer.found.length))
    const fromNewer = Math.min(newer.found.length, limit - fromOlder)
    return {
      messages: [...older.found.slice(older.found.length - fromOlder), ...newer.found.slice(0, fromNewer)],
      hasBefore: older.more || fromOlder < older.found.length,
      hasAfter: newer.more || fromNewer < newer.found.length,
      head,
    }
  }

  async #hasBefore(conv: string, first: string | undefined, after: number, head: number): Promise<boolean> {
    const before = first === undefined ? Math.min(after, head) + 1 : seqOf(first)
    return (await this.#backward(conv, before, 0)).more
  }

  async #hasAfter(conv: string, last: string | undefined, upTo: number, head: number): Promise<boolean> {
    const after = last === undefined ? upTo : seqOf(last)
    return (await this.#forward(conv, after, { limit: 0, head })).more
  }

  /** Up to `limit` messages before `before`, and whether there are more. Runs over any number of other entries. */
  async #backward(conv: string, before: number, limit: number): Promise<Found> {
    const found: string[] = []
    let step = STEP_FIRST
    for (let to = before - 1; to > 0; to -= step, step = Math.min(step * 2, STEP_MAX)) {
      const entries = await this.#entries.read(conv, Math.max(1, to - step + 1), to)
      for (const entry of entries.toReversed()) {
        if (isMessage(entry) && found.push(entry) > limit) {
          found.pop()
          return { found: found.toReversed(), more: true }
        }
      }
    }
    return { found: found.toReversed(), more: false }
  }

  async #forward(conv: string, after: number, { limit, head }: Bounds): Promise<Found> {
    const found: string[] = []
    let step = STEP_FIRST
    for (let from = after + 1; from <= head; from += step, step = Math.min(step * 2, STEP_MAX)) {
      for (const entry of await this.#entries.read(conv, from, Math.min(head, from + step - 1))) {
        if (isMessage(entry) && found.push(entry) > limit) {
          found.pop()
          return { found, more: true }
        }
      }
    }
    return { found, more: false }
  }
}

interface Bounds {
  readonly limit: number
  readonly head: number
}

interface Found {
  readonly found: string[]
  readonly more: boolean
}

function rangeOf(position: HistoryPosition, head: number): { from: number; to: number } {
  const { limit = PAGE_DEFAULT } = position
  if ('before' in position) {
    const to = Math.min(position.before - 1, head)
    return { from: Math.max(1, to - limit + 1), to }
  }
  if ('after' in position) {
    return { from: position.after + 1, to: Math.min(position.after + limit, head) }
  }
  const from = Math.max(1, Math.min(position.around - Math.floor(limit / 2), head - limit + 1))
  return { from, to: Math.min(from + limit - 1, head) }
}

import type { Entry } from '@tam/protocol'
import type { DrillEvent, Seen } from './checker/event.ts'
import { History } from './checker/history.ts'

/** Records what happens as a history, on one monotonic clock. */
export class Recorder {
  readonly history = new History()
  readonly #seen = new Map<string, Map<number, Seen>>()
  #ops = 0
  #connections = 0

  now(): number {
    return performance.now()
  }

  nextOp(): number {
    return this.#ops++
  }

  nextConnection(): number {
    return this.#connections++
  }

  add(event: DrillEvent): void {
    this.history.add(event)
  }

  /** What `entry` shows, with strings shared between its observations: a history holds millions. */
  seen(conv: string, entry: Entry): Seen {
    const sha = shaOf(entry)
    let log = this.#seen.get(conv)
    if (log === undefined) {
      log = new Map()
      this.#seen.set(conv, log)
    }
    const known = log.get(entry.seq)
    if (known !== undefined && known.cid === entry.cid && known.author === entry.from && known.sha === sha) {
      return known
    }
    const seen = { seq: entry.seq, cid: entry.cid, author: entry.from, sha }
    log.set(entry.seq, seen)
    return seen
  }
}

/** Digest of what people see of an entry. */
export function shaOf(entry: Entry): string {
  return entry.type === 'message' ? shaOfText(entry.text) : digest(JSON.stringify({ ...entry, seq: 0 }))
}

export function shaOfText(text: string): string {
  return digest(`message ${text}`)
}

function digest(text: string): string {
  return Bun.hash(text).toString(36)
}

import type { Entry } from '@tam/protocol'
import type { Recorder } from '../recorder.ts'

/**
 * What one session has applied of each log. Drops duplicates, as an application must; records everything else,
 * so that a skip shows in the history.
 */
export class Cursors {
  readonly #session: string
  readonly #recorder: Recorder
  readonly #applied = new Map<string, number>()
  /** Entries that came before the answer to sync said where logs without a cursor begin. */
  #early: { conv: string; entries: readonly Entry[] }[] | undefined

  constructor(session: string, recorder: Recorder) {
    this.#session = session
    this.#recorder = recorder
  }

  get(conv: string): number {
    return this.#applied.get(conv) ?? 0
  }

  /** Begins a connection; returns the cursors to sync with. */
  connect(): Record<string, number> {
    this.#early = []
    for (const [conv, from] of this.#applied) {
      this.#resume(conv, from, 'reconnect')
    }
    return Object.fromEntries(this.#applied)
  }

  /**
   * The answer to sync: logs without a cursor are live from their head. Then what came before the answer is applied,
   * in order; `onFresh` hears of each entry before the next one is looked at.
   */
  synced(heads: readonly (readonly [conv: string, head: number])[], onFresh: (entry: Entry) => void): void {
    for (const [conv, head] of heads) {
      this.start(conv, head)
    }
    const early = this.#early ?? []
    this.#early = undefined
    for (const { conv, entries } of early) {
      for (const entry of entries) {
        // Beyond next: part of the gap that the server is about to push.
        if (entry.seq === this.get(conv) + 1) {
          this.#apply(conv, entry)
          onFresh(entry)
        }
      }
    }
  }

  /** One is a member from `head` on. A log held from an earlier membership starts over there, unless it is further. */
  join(conv: string, head: number): void {
    const applied = this.#applied.get(conv)
    if (applied !== undefined && applied < head) {
      this.#recorder.add({ type: 'leave', at: this.#recorder.now(), session: this.#session, conv })
      this.#applied.delete(conv)
    }
    this.start(conv, head)
  }

  /** A log is live from `head`, unless it is known already. */
  start(conv: string, head: number): void {
    if (!this.#applied.has(conv)) {
      this.#resume(conv, head, 'start')
      this.#applied.set(conv, head)
    }
  }

  /** The entries that are new to the application. */
  receive(conv: string, entries: readonly Entry[]): Entry[] {
    if (this.#early !== undefined) {
      this.#early.push({ conv, entries })
      return []
    }
    const fresh = entries.filter((entry) => entry.seq > this.get(conv))
    for (const entry of fresh) {
      this.#apply(conv, entry)
    }
    return fresh
  }

  resync(conv: string, reason: string, head: number): void {
    const [at, session] = [this.#recorder.now(), this.#session]
    this.#recorder.add({ type: 'resync', at, session, conv, reason, from: this.get(conv), head })
    this.#applied.set(conv, head)
  }

  #apply(conv: string, entry: Entry): void {
    const seen = this.#recorder.seen(conv, entry)
    this.#recorder.add({ type: 'recv', at: this.#recorder.now(), session: this.#session, conv, ...seen })
    this.#applied.set(conv, entry.seq)
  }

  #resume(conv: string, from: number, cause: 'start' | 'reconnect'): void {
    this.#recorder.add({
      type: 'resume',
      at: this.#recorder.now(),
      session: this.#session,
      conv,
      from,
      cause,
    })
  }
}

import type { DownFrame } from '@tam/protocol'
import type { Socket } from '../hub/state.ts'

type Frame = DownFrame & { readonly t: string }

/** What the simulation knows and a client does not. */
export interface Oracle {
  /** False when the entry came after the person's removal. */
  mayReceive(log: string, seq: number): boolean
  /** The server counts the socket among those of the room. */
  isInRoom(conv: string): boolean
}

/** A socket whose peer reads when the test says so, and which notices any hole, double or entry after a removal. */
export class FakeSocket implements Socket {
  readyState = 1
  readonly topics = new Set<string>()
  readonly violations: string[] = []
  /** Highest seq received, by log. */
  readonly last = new Map<string, number>()
  closedWith: number | undefined
  buffered = 0
  readonly #user: string
  readonly #expected = new Map<string, number>()
  /** Conversations the client has in its list. */
  #known = new Set<string>()
  /** Up to here the own log tells nothing that the last answer to a sync did not. */
  #toldUntil = -1
  readonly #oracle: Oracle
  /** Cursors of the syncs that are not answered yet, oldest first. */
  readonly #cursors: Record<string, number>[] = []

  constructor(user: string, oracle: Oracle) {
    this.#user = user
    this.#oracle = oracle
  }

  /** The client sends `sync` with these. */
  syncing(cursors: Record<string, number>): void {
    this.#cursors.push(cursors)
  }

  send(text: string): number {
    this.buffered += text.length
    this.#receive(JSON.parse(text))
    return text.length
  }

  subscribe(topic: string): boolean {
    this.topics.add(topic)
    return true
  }

  unsubscribe(topic: string): boolean {
    return this.topics.delete(topic)
  }

  cork(callback: () => void): void {
    callback()
  }

  getBufferedAmount(): number {
    return this.buffered
  }

  close(code = 1000): void {
    this.closedWith = code
    this.readyState = 3
    this.topics.clear()
  }

  terminate(): void {
    this.close(1006)
  }

  #receive(frame: Frame): void {
    if (this.readyState !== 1) {
      this.violations.push(`a ${frame.t} frame after close`)
    }
    switch (frame.t) {
      case 'entry':
        this.#receiveEntries(frame.conv, frame.entries)
        break
      case 'ok':
        if ('conversations' in frame) {
          this.#synced(frame.conversations, frame.user.head)
        }
        break
      case 'resync':
        this.#expected.set(frame.conv, frame.head + 1)
        this.last.set(frame.conv, frame.head)
        break
      default:
    }
  }

  #synced(conversations: readonly { readonly id: string; readonly head: number }[], head: number): void {
    const cursors = this.#cursors.shift() ?? {}
    this.#toldUntil = head
    this.#known = new Set(conversations.map(({ id }) => id))
    for (const log of [...conversations, { id: this.#user, head }]) {
      const position = cursors[log.id] ?? log.head
      this.#expected.set(log.id, position + 1)
      this.last.set(log.id, position)
    }
  }

  #receiveEntries(log: string, entries: readonly { readonly seq: number }[]): void {
    for (const entry of entries as readonly Record<string, unknown>[]) {
      const seq = Number(entry['seq'])
      const expected = this.#expected.get(log) ?? seq
      if (seq !== expected) {
        this.violations.push(`${log}: ${seq} instead of ${expected}`)
      }
      if (!this.#oracle.mayReceive(log, seq)) {
        this.violations.push(`${log}: ${seq} after the removal`)
      }
      this.#expected.set(log, seq + 1)
      this.last.set(log, seq)
      if (seq > this.#toldUntil) {
        this.#follow(entry)
      }
    }
  }

  #follow({ type, conv, head }: Readonly<Record<string, unknown>>): void {
    const id = String(conv)
    if (type === 'left') {
      this.#known.delete(id)
    }
    // A client that never asked for its list has no claim to what came before `hello`.
    if (type === 'joined' && !this.#known.has(id) && (this.#toldUntil >= 0 || !this.#oracle.isInRoom(id))) {
      this.#known.add(id)
      this.#expected.set(id, Number(head) + 1)
      this.last.set(id, Number(head))
    }
  }
}

import { CLOSE, type CloseCode } from '@tam/protocol'
import type { Connection } from './hub/state.ts'

/** Every connection of this server, in a list that can be walked while it changes from its end. */
export class Connections {
  readonly #list: Connection[] = []
  readonly #unauthenticated = new Map<string, number>()
  /** The connection is gone: let go of everything that refers to it. */
  readonly #onClosed: (connection: Connection) => void
  #ready = 0

  constructor(onClosed: (connection: Connection) => void) {
    this.#onClosed = onClosed
  }

  get size(): number {
    return this.#list.length
  }

  /** Those past `hello`. */
  get ready(): number {
    return this.#ready
  }

  unauthenticatedOf(address: string): number {
    return this.#unauthenticated.get(address) ?? 0
  }

  add(connection: Connection): void {
    connection.slot = this.#list.push(connection) - 1
    this.#unauthenticated.set(connection.address, this.unauthenticatedOf(connection.address) + 1)
  }

  /** `hello` is about to be sent. */
  admit(connection: Connection): void {
    connection.phase = 'ready'
    this.#ready++
    this.#countDown(connection.address)
    // Bun makes a string of it for every connection; nobody asks for it any more.
    connection.address = ''
  }

  /** Tells the client why, and forgets the connection at once; nothing it still sends is looked at. */
  close(connection: Connection, { code, reason }: CloseCode): void {
    const { socket } = connection
    this.remove(connection)
    socket?.close(code, reason)
  }

  /** For a peer that takes nothing: a close frame would wait behind what it does not take. */
  terminate(connection: Connection): void {
    const { socket } = connection
    this.remove(connection)
    socket?.terminate()
  }

  closeAll(code: CloseCode = CLOSE.draining): void {
    this.forEach((connection) => this.close(connection, code))
  }

  /** From the end, so that `visit` may close what it visits. */
  forEach(visit: (connection: Connection) => void): void {
    for (let i = this.#list.length - 1; i >= 0; i--) {
      const connection = this.#list[i]
      if (connection !== undefined) {
        visit(connection)
      }
    }
  }

  /** The socket closed, or is being closed. */
  remove(connection: Connection): void {
    const { phase, slot } = connection
    if (phase === 'closed') {
      return
    }
    connection.phase = 'closed'
    connection.socket = null
    connection.behind = null
    connection.placing = null
    connection.untold = null
    connection.answer = null
    connection.notices = null
    connection.queue = null
    connection.replies = null
    connection.typingAt = null
    const last = this.#list.pop()
    if (last !== undefined && last !== connection) {
      this.#list[slot] = last
      last.slot = slot
    }
    if (phase === 'ready') {
      this.#ready--
    } else {
      this.#countDown(connection.address)
    }
    this.#onClosed(connection)
  }

  #countDown(address: string): void {
    const count = this.unauthenticatedOf(address) - 1
    if (count > 0) {
      this.#unauthenticated.set(address, count)
    } else {
      this.#unauthenticated.delete(address)
    }
  }
}

import type { ConnectionState, ConversationHandle, Readable } from '@tam/client'
import { nextLine, type UnreadLine } from './unread.logic.ts'

interface UnreadWatchOptions {
  readonly handle: ConversationHandle
  readonly connection: Readable<ConnectionState>
  readonly attention: Readable<boolean>
  readonly onChange: () => void
}

/**
 * Decides where the line above the unread messages is. It is looked for when the conversation opens, until what was
 * missed has been asked for, and whenever nobody is looking; messages read as they come never move it.
 */
export class UnreadWatch {
  #options: UnreadWatchOptions
  #line: UnreadLine | null = null
  #caughtUp = false
  #dismissed = false
  #unsubscribe: (() => void)[] = []

  constructor(options: UnreadWatchOptions) {
    this.#options = options
  }

  /** Null when nothing was unread. */
  get line(): UnreadLine | null {
    return this.#line
  }

  /** The line was seen, or everything was marked as read: no need to point at it any more. */
  get dismissed(): boolean {
    return this.#dismissed
  }

  /** What was missed while away has been asked for. */
  get caughtUp(): boolean {
    return this.#caughtUp
  }

  dismiss(): void {
    this.#dismissed = true
  }

  start(): void {
    const { handle, connection } = this.#options
    this.#look()
    this.#caughtUp = connection.get().status === 'connected'
    this.#unsubscribe = [
      handle.summary.subscribe(() => {
        if (!this.#caughtUp || !this.#options.attention.get()) {
          this.#look()
        }
      }),
      connection.subscribe(() => this.#onConnection()),
    ]
  }

  stop(): void {
    for (const unsubscribe of this.#unsubscribe) {
      unsubscribe()
    }
    this.#unsubscribe = []
  }

  #onConnection(): void {
    const connected = this.#options.connection.get().status === 'connected'
    if (connected && !this.#caughtUp) {
      this.#look()
    }
    this.#caughtUp = connected
  }

  #look(): void {
    const summary = this.#options.handle.summary.get()
    if (summary === undefined) {
      return
    }
    const next = nextLine(this.#line, summary.read, summary.unread)
    if (next !== this.#line) {
      if (next?.after !== this.#line?.after) {
        this.#dismissed = false
      }
      this.#line = next
      this.#options.onChange()
    }
  }
}

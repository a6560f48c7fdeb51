import type { LogChange } from '../sync/logs.ts'
import type { Conversation } from './conversation.ts'

/** The handles given out: one per conversation, for ever. */
export class Conversations {
  readonly #make: (id: string) => Conversation
  readonly #handles = new Map<string, Conversation>()

  constructor(make: (id: string) => Conversation) {
    this.#make = make
  }

  get(id: string): Conversation {
    const handle = this.#handles.get(id) ?? this.#make(id)
    this.#handles.set(id, handle)
    return handle
  }

  /** The handle, if anybody has asked for it. */
  peek(id: string): Conversation | undefined {
    return this.#handles.get(id)
  }

  onLog(change: LogChange): void {
    if (change.type === 'all' || change.type === 'listed') {
      for (const handle of this.#handles.values()) {
        handle.onLog(change)
      }
    } else {
      this.peek(change.conv)?.onLog(change)
    }
  }

  onConnected(): void {
    for (const handle of this.#handles.values()) {
      handle.onConnected()
    }
  }
}

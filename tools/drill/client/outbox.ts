/** One logical send: it keeps its cid and base over all attempts. */
export interface Outgoing {
  readonly conv: string
  readonly cid: string
  readonly text: string
  readonly base: number
  /** Sends of one chain are stored in their order, or those after a missing one not at all; chains know nothing of each other. */
  readonly chain: number
  attempts: number
  state: 'waiting' | 'sent'
}

/** The sends of one session that are not decided yet, in order per conversation; survives its connections. */
export class Outbox {
  readonly #byConversation = new Map<string, Outgoing[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(outgoing: Outgoing): void {
    const queue = this.#byConversation.get(outgoing.conv)
    if (queue === undefined) {
      this.#byConversation.set(outgoing.conv, [outgoing])
    } else {
      queue.push(outgoing)
    }
    this.#size++
  }

  /** Takes a decided send out; harmless when it is gone. */
  remove(outgoing: Outgoing): void {
    const queue = this.#byConversation.get(outgoing.conv) ?? []
    const index = queue.indexOf(outgoing)
    if (index >= 0) {
      queue.splice(index, 1)
      this.#size--
    }
  }

  /** The connection is gone: everything unanswered goes again. */
  reset(): void {
    for (const queue of this.#byConversation.values()) {
      for (const outgoing of queue) {
        outgoing.state = 'waiting'
      }
    }
  }

  /** Everything undecided, in order per conversation; the outbox is empty afterwards. */
  takeAll(): Outgoing[] {
    const all = [...this.#byConversation.values()].flat()
    this.#byConversation.clear()
    this.#size = 0
    return all
  }

  conversations(): string[] {
    return [...this.#byConversation.keys()]
  }

  /** Waiting sends of a conversation in order, each with the cid of the undecided send of its chain that it follows. */
  waiting(conv: string): { outgoing: Outgoing; prev: string | undefined }[] {
    const queue = this.#byConversation.get(conv) ?? []
    return queue.flatMap((outgoing, index) => {
      const before = queue.slice(0, index).findLast(({ chain }) => chain === outgoing.chain)
      return outgoing.state === 'waiting' ? [{ outgoing, prev: before?.cid }] : []
    })
  }
}

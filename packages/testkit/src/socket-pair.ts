import type { Random } from '@tam/util'

/** One end of a socket as a program sees it. */
export interface SocketEnd {
  onFrame: (text: string) => void
  onClose: (code: number, reason: string) => void
  send(text: string): void
  close(code?: number, reason?: string): void
}

export type Direction = 'up' | 'down'

const ABNORMAL_CLOSURE = 1006

/** A queue of frames on their way; `null` code means that the end closed after the frames before it. */
type InFlight =
  | { readonly type: 'frame'; readonly text: string }
  | { readonly type: 'close'; readonly code: number; readonly reason: string }

/**
 * Two ends of a socket whose frames travel only when told: every interleaving can be written down.
 * `up` is from client to server.
 */
export class TestSocketPair {
  readonly client: SocketEnd
  readonly server: SocketEnd
  readonly #queues: Record<Direction, InFlight[]> = { up: [], down: [] }
  readonly #open = { client: true, server: true }

  constructor() {
    this.client = this.#end('client', 'up')
    this.server = this.#end('server', 'down')
  }

  /** True until either end was told that it is over. */
  get open(): boolean {
    return this.#open.client && this.#open.server
  }

  /** Frames on their way in a direction. */
  waiting(direction: Direction): readonly string[] {
    return this.#queues[direction].flatMap((item) => (item.type === 'frame' ? [item.text] : []))
  }

  /** Delivers at most `count` frames of one direction, oldest first; all that wait by default. Returns how many. */
  flush(direction: Direction, count = Infinity): number {
    let delivered = 0
    while (delivered < count && this.#queues[direction].length > 0) {
      const item = this.#queues[direction].shift()
      if (item !== undefined) {
        this.#deliver(direction, item)
        delivered++
      }
    }
    return delivered
  }

  /** Delivers in both directions until nothing travels. */
  settle(): number {
    let delivered = 0
    for (let moved = 1; moved > 0; delivered += moved) {
      moved = this.flush('up') + this.flush('down')
    }
    return delivered
  }

  /** Exchanges a frame on its way with the one behind it, as no TCP does. */
  reorder(direction: Direction, random: Random): void {
    const queue = this.#queues[direction]
    const at = Math.floor(random.float() * (queue.length - 1))
    const [first, second] = [queue[at], queue[at + 1]]
    if (first?.type === 'frame' && second?.type === 'frame') {
      queue.splice(at, 2, second, first)
    }
  }

  /** Sends a frame on its way a second time, directly behind itself. */
  duplicate(direction: Direction, random: Random): void {
    const queue = this.#queues[direction]
    const at = Math.floor(random.float() * queue.length)
    const item = queue[at]
    if (item?.type === 'frame') {
      queue.splice(at, 0, item)
    }
  }

  /** The network breaks: what travels is lost, and both ends learn of it. */
  cut(): void {
    this.#queues.up.length = 0
    this.#queues.down.length = 0
    this.#deliver('up', { type: 'close', code: ABNORMAL_CLOSURE, reason: '' })
    this.#deliver('down', { type: 'close', code: ABNORMAL_CLOSURE, reason: '' })
  }

  #end(own: 'client' | 'server', outgoing: Direction): SocketEnd {
    return {
      onFrame: () => undefined,
      onClose: () => undefined,
      send: (text) => {
        if (this.#open[own]) {
          this.#queues[outgoing].push({ type: 'frame', text })
        }
      },
      close: (code = 1000, reason = '') => {
        if (this.#open[own]) {
          this.#open[own] = false
          this.#queues[outgoing].push({ type: 'close', code, reason })
        }
      },
    }
  }

  #deliver(direction: Direction, item: InFlight): void {
    const to = direction === 'up' ? 'server' : 'client'
    if (!this.#open[to]) {
      return
    }
    if (item.type === 'frame') {
      this[to].onFrame(item.text)
    } else {
      this.#open[to] = false
      this[to].onClose(item.code, item.reason)
    }
  }
}

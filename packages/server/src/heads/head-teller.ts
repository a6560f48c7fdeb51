import type { Cancel, Clock } from '@tam/util'
import { type Bus, topics } from '../ports/bus/bus.ts'
import { encodeDigest, type ToldHead } from './digest.ts'
import type { Doubts } from './doubts.ts'
import { DIGEST_HEADS_MAX, DIGEST_MS } from './limits.ts'

export interface HeadTellerDeps {
  readonly clock: Pick<Clock, 'every'>
  readonly bus: Pick<Bus, 'publish'>
  /** Name of this process, new at every start. */
  readonly node: string
  readonly doubts: Pick<Doubts, 'open'>
}

/**
 * Tells all servers, every second, how far the logs are that this one appended to since the digest before, and of
 * which it does not know. Whoever missed an entry on the bus learns of it so, and whoever missed a digest by its
 * number: docs/adr/0010.
 */
export class HeadTeller {
  readonly #deps: HeadTellerDeps
  #heads = new Map<string, number>()
  #number = 0
  #cancel: Cancel = () => {}

  constructor(deps: HeadTellerDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#tell()
    this.#cancel = this.#deps.clock.every(DIGEST_MS, () => this.#tell())
  }

  stop(): void {
    this.#cancel()
  }

  /** Tells what is left, and that nothing will follow; call when nothing is appended or in doubt any more. */
  sayLast(): void {
    this.#publish(this.#take(), true)
  }

  /** The log has entries up to `seq`; call after they were published. */
  committed(log: string, seq: number): void {
    this.#heads.set(log, Math.max(seq, this.#heads.get(log) ?? 0))
    if (this.#heads.size >= DIGEST_HEADS_MAX) {
      this.#publish(this.#take())
    }
  }

  #tell(): void {
    const doubts = [...this.#deps.doubts.open()].map((log): ToldHead => ({ log, seq: 0 }))
    const heads = [...this.#take(), ...doubts]
    // One that is empty says that this server is there.
    for (let from = 0; from === 0 || from < heads.length; from += DIGEST_HEADS_MAX) {
      this.#publish(heads.slice(from, from + DIGEST_HEADS_MAX))
    }
  }

  #take(): ToldHead[] {
    const heads = [...this.#heads].map(([log, seq]): ToldHead => ({ log, seq }))
    this.#heads = new Map()
    return heads
  }

  #publish(heads: readonly ToldHead[], isLast = false): void {
    const { bus, node } = this.#deps
    bus.publish(topics.heads, encodeDigest({ node, number: ++this.#number, isLast, heads }))
  }
}

import type { Cancel, Clock } from '@tam/util'
import { decodeRedirection } from '../redis/cluster-map.ts'
import { Refusals } from '../redis/refusals.ts'
import type { RedisLink, RedisLinkOptions } from '../redis/redis-link.ts'
import { RedisNodes } from '../redis/redis-nodes.ts'
import type { Channels } from './bus.redis.channels.ts'
import { encodePublication } from './bus.redis.publication.ts'

/** From a loss until the others are told of it, and between two attempts to tell. */
export const LOSS_TOLD_MS = 1_000
/** Publications that wait for a connection, at most; past it the oldest are dropped. */
export const WAITING_MAX = 1_000
/** Characters of these publications. */
export const WAITING_CHARS_MAX = 1024 * 1024
/** Publications that have waited longer tell nobody anything new: by then heads have been read. */
export const WAITING_MS_MAX = 5_000

interface Publication {
  readonly topic: string
  readonly message: string
  /** Monotonic time of `publish`. */
  readonly at: number
  /** Whether a node has refused it once because another owns its slot. */
  readonly isRedirected: boolean
}

/** Sends publications in one stream per node, without waiting for answers, and forgets what it cannot send soon. */
export class RedisPublisher {
  readonly #clock: Clock
  readonly #channels: Channels
  readonly #command: string
  readonly #nodes: RedisNodes
  readonly #refusals: Refusals
  readonly #lossTopic: string
  #cancelTelling: Cancel | undefined
  #waiting: Publication[] = []
  #waitingChars = 0
  #dropped = 0

  /** @param lossTopic where it is told, once that is possible, that something was lost */
  constructor(options: RedisLinkOptions, channels: Channels, lossTopic: string) {
    this.#clock = options.clock
    this.#channels = channels
    this.#lossTopic = lossTopic
    this.#refusals = new Refusals(options)
    const flush = () => this.#flush()
    const onReady = () => {
      this.#refusals.forget()
      flush()
    }
    this.#nodes = new RedisNodes(options, { onReady, onMap: flush, onLost() {}, onChannelMoved() {} })
    this.#command = this.#nodes.isCluster ? 'SPUBLISH' : 'PUBLISH'
  }

  get nodes(): RedisNodes {
    return this.#nodes
  }

  /** Publications that were never sent, or whose fate is not known, since the start. */
  get dropped(): number {
    return this.#dropped
  }

  publish(topic: string, message: string): void {
    this.#publish({ topic, message, at: this.#clock.monotonic(), isRedirected: false })
  }

  close(): void {
    this.#cancelTelling?.()
    this.#nodes.close()
    this.#waiting = []
  }

  #publish(publication: Publication): void {
    const link = this.#nodes.linkOf(this.#channels.slotOf(publication.topic))
    if (link?.isReady === true) {
      const { topic, message } = publication
      link
        .send([this.#command, this.#channels.of(topic), encodePublication(topic, message)])
        .catch((error: unknown) => this.#failed(publication, link, error))
    } else {
      this.#wait(publication)
    }
  }

  #failed(publication: Publication, link: RedisLink, error: unknown): void {
    const redirection = decodeRedirection(error, link.address)
    if (redirection?.kind !== 'moved' || publication.isRedirected) {
      this.#lose()
      this.#refusals.tell(error, link)
      return
    }
    // Refused, hence not published: the owner may have it.
    this.#nodes.redirect(redirection)
    this.#publish({ ...publication, isRedirected: true })
  }

  #wait(publication: Publication): void {
    this.#waiting.push(publication)
    this.#waitingChars += publication.message.length
    while (this.#waiting.length > WAITING_MAX || this.#waitingChars > WAITING_CHARS_MAX) {
      this.#waitingChars -= this.#waiting.shift()?.message.length ?? 0
      this.#lose()
    }
  }

  #lose(): void {
    this.#dropped++
    this.#cancelTelling ??= this.#clock.after(LOSS_TOLD_MS, () => this.#tellLoss())
  }

  /** What is lost is lost for servers that heard everything else, too: only its publisher knows. */
  #tellLoss(): void {
    this.#cancelTelling = undefined
    if (this.#nodes.linkOf(this.#channels.slotOf(this.#lossTopic))?.isReady === true) {
      this.publish(this.#lossTopic, '')
    } else {
      this.#cancelTelling = this.#clock.after(LOSS_TOLD_MS, () => this.#tellLoss())
    }
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#waitingChars = 0
    const oldest = this.#clock.monotonic() - WAITING_MS_MAX
    for (const publication of waiting) {
      if (publication.at < oldest) {
        this.#lose()
      } else {
        this.#publish(publication)
      }
    }
  }
}

import type { Cancel, Clock } from '@tam/util'
import { nameOf, type RedisLink, type RedisLinkOptions } from '../redis/redis-link.ts'
import { RedisNodes } from '../redis/redis-nodes.ts'
import { type Channels, topicOf } from './bus.redis.channels.ts'

/** Until `add` stops waiting for Redis to confirm; a discontinuity follows when it does. */
export const SUBSCRIBE_WAIT_MS = 500
/** Channels of one command. */
export const SUBSCRIBE_BATCH_MAX = 500
/** Until what Redis has refused is tried again. */
export const SUBSCRIBE_RETRY_MS = 500

export interface SubscriptionsEvents {
  onMessage(topic: string, message: string): void
  /** Something may have been missed; from now on everything is heard that can be. */
  onDiscontinuity(): void
}

interface Subscription {
  /** Where Redis has confirmed it. */
  link: RedisLink | undefined
  /** Whether somebody believes to hear since before Redis confirmed it. */
  hasGap: boolean
  waiters: (() => void)[] | undefined
}

/** The topics that are wanted, kept subscribed at the nodes that own them. */
export class RedisSubscriptions {
  readonly #clock: Clock
  readonly #channels: Channels
  readonly #events: SubscriptionsEvents
  readonly #nodes: RedisNodes
  readonly #wanted = new Map<string, Subscription>()
  /** Wanted topics that no node has been asked for. */
  readonly #missing = new Set<string>()
  /** Topics that are no longer wanted, and where they are still subscribed. */
  readonly #leaving = new Map<string, RedisLink>()
  #isScheduled = false
  #cancelRetry: Cancel = () => {}
  #isClosed = false

  constructor(options: RedisLinkOptions, channels: Channels, events: SubscriptionsEvents) {
    this.#clock = options.clock
    this.#channels = channels
    this.#events = events
    this.#nodes = new RedisNodes(options, {
      onReady: () => this.#schedule(),
      onLost: (link) => this.#lost(link),
      onMap: () => this.#remap(),
      onChannelMoved: (channel) => this.#moved(topicOf(channel)),
    })
  }

  get nodes(): RedisNodes {
    return this.#nodes
  }

  /** Resolves when Redis has confirmed the topic, when it is cut off, or after SUBSCRIBE_WAIT_MS. */
  async add(topic: string): Promise<void> {
    const subscription = this.#wanted.get(topic) ?? this.#want(topic)
    if (subscription.link !== undefined) {
      return
    }
    if (this.#ownerOf(topic)?.isReady !== true) {
      subscription.hasGap = true
      return
    }
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(SUBSCRIBE_WAIT_MS, () => {
        subscription.hasGap = true
        resolve()
      })
      subscription.waiters ??= []
      subscription.waiters.push(() => {
        cancel()
        resolve()
      })
    })
  }

  remove(topic: string): void {
    const subscription = this.#wanted.get(topic)
    if (subscription !== undefined) {
      this.#wanted.delete(topic)
      this.#missing.delete(topic)
      release(subscription)
      if (subscription.link !== undefined) {
        this.#leaving.set(topic, subscription.link)
        this.#schedule()
      }
    }
  }

  close(): void {
    this.#isClosed = true
    this.#cancelRetry()
    this.#nodes.close()
    for (const subscription of this.#wanted.values()) {
      release(subscription)
    }
    this.#wanted.clear()
  }

  #ownerOf(topic: string): RedisLink | undefined {
    return this.#nodes.linkOf(this.#channels.slotOf(topic))
  }

  #want(topic: string): Subscription {
    const subscription: Subscription = { link: undefined, hasGap: false, waiters: undefined }
    this.#wanted.set(topic, subscription)
    const leaving = this.#leaving.get(topic)
    if (leaving !== undefined && leaving === this.#ownerOf(topic)) {
      this.#leaving.delete(topic)
      subscription.link = leaving
    } else {
      this.#missing.add(topic)
      this.#schedule()
    }
    return subscription
  }

  /** A wanted topic is heard no more. */
  #miss(topic: string, subscription: Subscription): void {
    subscription.link = undefined
    subscription.hasGap = true
    release(subscription)
    this.#missing.add(topic)
  }

  #lost(link: RedisLink): void {
    for (const [topic, subscription] of this.#wanted) {
      if (subscription.link === link) {
        this.#miss(topic, subscription)
      }
    }
    for (const [topic, leaving] of this.#leaving) {
      if (leaving === link) {
        this.#leaving.delete(topic)
      }
    }
  }

  #moved(topic: string): void {
    const subscription = this.#wanted.get(topic)
    if (subscription !== undefined) {
      this.#miss(topic, subscription)
      this.#retry()
    }
  }

  /** Leaves the nodes that own a slot no more. */
  #remap(): void {
    for (const [topic, subscription] of this.#wanted) {
      if (subscription.link !== undefined && subscription.link !== this.#ownerOf(topic)) {
        this.#leaving.set(topic, subscription.link)
        this.#miss(topic, subscription)
      }
    }
    this.#schedule()
  }

  #retry(): void {
    this.#cancelRetry()
    this.#cancelRetry = this.#clock.after(SUBSCRIBE_RETRY_MS, () => this.#schedule())
  }

  /** What one turn asks for is sent together. */
  #schedule(): void {
    if (!this.#isScheduled && !this.#isClosed) {
      this.#isScheduled = true
      queueMicrotask(() => {
        this.#isScheduled = false
        this.#leave()
        void this.#join()
      })
    }
  }

  #leave(): void {
    for (const [link, topics] of this.#batches(this.#leaving.keys(), (topic) => this.#leaving.get(topic))) {
      this.#unsubscribe(link, topics)
    }
    this.#leaving.clear()
  }

  #unsubscribe(link: RedisLink, topics: readonly string[]): void {
    // When it fails the connection is gone, and with it the subscription.
    link.unsubscribe(this.#channelsOf(topics), this.#onMessage).catch(() => {})
  }

  async #join(): Promise<void> {
    const batches = this.#batches(this.#missing, (topic) => this.#ownerOf(topic))
    for (const [, topics] of batches) {
      for (const topic of topics) {
        this.#missing.delete(topic)
      }
    }
    const gaps = await Promise.all(batches.map(([link, topics]) => this.#subscribe(link, topics)))
    if (gaps.includes(true) && !this.#isClosed) {
      this.#events.onDiscontinuity()
    }
  }

  /** @returns whether a gap has ended */
  async #subscribe(link: RedisLink, topics: readonly string[]): Promise<boolean> {
    try {
      await link.subscribe(this.#channelsOf(topics), this.#onMessage)
    } catch {
      this.#refused(link, topics)
      return false
    }
    let hadGap = false
    for (const topic of topics) {
      hadGap = this.#confirmed(topic, link) || hadGap
    }
    return hadGap
  }

  /** @returns whether a gap has ended */
  #confirmed(topic: string, link: RedisLink): boolean {
    const subscription = this.#wanted.get(topic)
    if (subscription === undefined || link !== this.#ownerOf(topic)) {
      // Nobody wants it any more, or its slot has moved meanwhile.
      this.#leaving.set(topic, link)
      if (subscription !== undefined && subscription.link === undefined) {
        this.#missing.add(topic)
      }
      this.#schedule()
      return false
    }
    const { hasGap } = subscription
    subscription.hasGap = false
    subscription.link = link
    this.#missing.delete(topic)
    release(subscription)
    return hasGap
  }

  #refused(link: RedisLink, topics: readonly string[]): void {
    for (const topic of topics) {
      const subscription = this.#wanted.get(topic)
      if (subscription !== undefined && subscription.link === undefined) {
        this.#miss(topic, subscription)
      }
    }
    // Another node may own the slot by now, or the node may not be ready to serve.
    this.#nodes.reload()
    this.#retry()
  }

  /** `topics` whose link is ready, as many together as one command may hold. */
  #batches(
    topics: Iterable<string>,
    linkOf: (topic: string) => RedisLink | undefined,
  ): [link: RedisLink, topics: string[]][] {
    const batches: [RedisLink, string[]][] = []
    const open = new Map<string, string[]>()
    for (const topic of topics) {
      const link = linkOf(topic)
      if (link?.isReady === true) {
        const slot = this.#nodes.isCluster ? this.#channels.slotOf(topic) : ''
        const name = `${nameOf(link.address)} ${slot}`
        let batch = open.get(name)
        if (batch === undefined || batch.length === SUBSCRIBE_BATCH_MAX) {
          batch = []
          open.set(name, batch)
          batches.push([link, batch])
        }
        batch.push(topic)
      }
    }
    return batches
  }

  #channelsOf(topics: readonly string[]): string[] {
    return topics.map((topic) => this.#channels.of(topic))
  }

  readonly #onMessage = (message: string, channel: string): void => {
    this.#events.onMessage(topicOf(channel), message)
  }
}

function release(subscription: Subscription): void {
  for (const done of subscription.waiters ?? []) {
    done()
  }
  subscription.waiters = undefined
}

import type { Cancel, Clock } from '@tam/util'
import { nameOf, type RedisLink, type RedisLinkOptions } from '../redis/redis-link.ts'
import { RedisNodes } from '../redis/redis-nodes.ts'
import { Refusals } from '../redis/refusals.ts'
import { slotOf } from '../redis/slots.ts'
import { decodePublication } from './bus.redis.publication.ts'

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

/** The channels that are wanted, kept subscribed at the nodes that own them. */
export class RedisSubscriptions {
  readonly #clock: Clock
  readonly #events: SubscriptionsEvents
  readonly #nodes: RedisNodes
  readonly #refusals: Refusals
  readonly #wanted = new Map<string, Subscription>()
  /** Wanted channels that no node has been asked for. */
  readonly #missing = new Set<string>()
  /** Channels that are no longer wanted, and where they are still subscribed. */
  readonly #leaving = new Map<string, RedisLink>()
  #isScheduled = false
  #cancelRetry: Cancel = () => {}
  #isClosed = false

  constructor(options: RedisLinkOptions, events: SubscriptionsEvents) {
    this.#clock = options.clock
    this.#events = events
    this.#refusals = new Refusals(options)
    this.#nodes = new RedisNodes(options, {
      onReady: () => {
        this.#refusals.forget()
        this.#schedule()
      },
      onLost: (link) => this.#lost(link),
      onMap: () => this.#remap(),
      onChannelMoved: (channel) => this.#moved(channel),
    })
  }

  get nodes(): RedisNodes {
    return this.#nodes
  }

  /** Resolves when Redis has confirmed the channel, when it is cut off, or after SUBSCRIBE_WAIT_MS. */
  async add(channel: string): Promise<void> {
    const subscription = this.#wanted.get(channel) ?? this.#want(channel)
    if (subscription.link !== undefined) {
      return
    }
    if (this.#ownerOf(channel)?.isReady !== true) {
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

  remove(channel: string): void {
    const subscription = this.#wanted.get(channel)
    if (subscription !== undefined) {
      this.#wanted.delete(channel)
      this.#missing.delete(channel)
      release(subscription)
      if (subscription.link !== undefined) {
        this.#leaving.set(channel, subscription.link)
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

  #ownerOf(channel: string): RedisLink | undefined {
    return this.#nodes.linkOf(slotOf(channel))
  }

  #want(channel: string): Subscription {
    const subscription: Subscription = { link: undefined, hasGap: false, waiters: undefined }
    this.#wanted.set(channel, subscription)
    const leaving = this.#leaving.get(channel)
    if (leaving !== undefined && leaving === this.#ownerOf(channel)) {
      this.#leaving.delete(channel)
      subscription.link = leaving
    } else {
      this.#missing.add(channel)
      this.#schedule()
    }
    return subscription
  }

  /** A wanted channel is heard no more. */
  #miss(channel: string, subscription: Subscription): void {
    subscription.link = undefined
    subscription.hasGap = true
    release(subscription)
    this.#missing.add(channel)
  }

  #lost(link: RedisLink): void {
    for (const [channel, subscription] of this.#wanted) {
      if (subscription.link === link) {
        this.#miss(channel, subscription)
      }
    }
    for (const [channel, leaving] of this.#leaving) {
      if (leaving === link) {
        this.#leaving.delete(channel)
      }
    }
  }

  #moved(channel: string): void {
    const subscription = this.#wanted.get(channel)
    if (subscription !== undefined) {
      this.#miss(channel, subscription)
      this.#retry()
    }
  }

  /** Leaves the nodes that own a slot no more. */
  #remap(): void {
    for (const [channel, subscription] of this.#wanted) {
      if (subscription.link !== undefined && subscription.link !== this.#ownerOf(channel)) {
        this.#leaving.set(channel, subscription.link)
        this.#miss(channel, subscription)
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
        this.#join()
      })
    }
  }

  #leave(): void {
    for (const [link, channels] of this.#batches(this.#leaving.keys(), (channel) =>
      this.#leaving.get(channel),
    )) {
      this.#unsubscribe(link, channels)
    }
    this.#leaving.clear()
  }

  #unsubscribe(link: RedisLink, channels: readonly string[]): void {
    // When it fails the connection is gone, and with it the subscription.
    link.unsubscribe(channels, this.#onMessage).catch(() => {})
  }

  #join(): void {
    const batches = this.#batches(this.#missing, (channel) => this.#ownerOf(channel))
    for (const [, channels] of batches) {
      for (const channel of channels) {
        this.#missing.delete(channel)
      }
    }
    // Each node for itself: one that does not answer must not keep back what another has to tell.
    for (const ofNode of Map.groupBy(batches, ([link]) => link).values()) {
      void this.#subscribeAll(ofNode)
    }
  }

  async #subscribeAll(batches: readonly [link: RedisLink, channels: string[]][]): Promise<void> {
    const gaps = await Promise.all(batches.map(([link, channels]) => this.#subscribe(link, channels)))
    if (gaps.includes(true) && !this.#isClosed) {
      this.#events.onDiscontinuity()
    }
  }

  /** @returns whether a gap has ended */
  async #subscribe(link: RedisLink, channels: readonly string[]): Promise<boolean> {
    try {
      await link.subscribe(channels, this.#onMessage)
    } catch (error) {
      this.#refusals.tell(error, link)
      this.#refused(link, channels)
      return false
    }
    let hadGap = false
    for (const channel of channels) {
      hadGap = this.#confirmed(channel, link) || hadGap
    }
    return hadGap
  }

  /** @returns whether a gap has ended */
  #confirmed(channel: string, link: RedisLink): boolean {
    const subscription = this.#wanted.get(channel)
    if (subscription === undefined || link !== this.#ownerOf(channel)) {
      // Nobody wants it any more, or its slot has moved meanwhile.
      this.#leaving.set(channel, link)
      if (subscription !== undefined && subscription.link === undefined) {
        this.#missing.add(channel)
      }
      this.#schedule()
      return false
    }
    const { hasGap } = subscription
    subscription.hasGap = false
    subscription.link = link
    this.#missing.delete(channel)
    release(subscription)
    return hasGap
  }

  #refused(link: RedisLink, channels: readonly string[]): void {
    for (const channel of channels) {
      const subscription = this.#wanted.get(channel)
      if (subscription !== undefined && subscription.link === undefined) {
        this.#miss(channel, subscription)
      }
    }
    // Another node may own the slot by now, or the node may not be ready to serve.
    this.#nodes.reload()
    this.#retry()
  }

  /** `channels` whose link is ready, as many together as one command may hold. */
  #batches(
    channels: Iterable<string>,
    linkOf: (channel: string) => RedisLink | undefined,
  ): [link: RedisLink, channels: string[]][] {
    const batches: [RedisLink, string[]][] = []
    const open = new Map<string, string[]>()
    for (const channel of channels) {
      const link = linkOf(channel)
      if (link?.isReady === true) {
        const slot = this.#nodes.isCluster ? slotOf(channel) : ''
        const name = `${nameOf(link.address)} ${slot}`
        let batch = open.get(name)
        if (batch === undefined || batch.length === SUBSCRIBE_BATCH_MAX) {
          batch = []
          open.set(name, batch)
          batches.push([link, batch])
        }
        batch.push(channel)
      }
    }
    return batches
  }

  readonly #onMessage = (text: string): void => {
    const [topic, message] = decodePublication(text)
    this.#events.onMessage(topic, message)
  }
}

function release(subscription: Subscription): void {
  for (const done of subscription.waiters ?? []) {
    done()
  }
  subscription.waiters = undefined
}

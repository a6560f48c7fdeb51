import type { Cancel } from '@tam/util'
import { decodeClusterSlots, type Redirection, type SlotRange } from './cluster-map.ts'
import { nameOf, RedisLink, RedisUnavailable, type RedisLinkOptions } from './redis-link.ts'
import type { RedisAddress } from './redis-url.ts'
import { SLOTS } from './slots.ts'

/** Between two looks at who owns which slot, when nothing asks for one earlier. */
export const MAP_EVERY_MS = 5_000
/** Between two looks, when something does. */
export const MAP_PAUSE_MS = 100
/** Until a node has to tell the map; then the next one is asked. */
export const MAP_WAIT_MS = 1_000

export interface RedisNodesEvents {
  /** The link may be used again; it has no subscriptions. */
  onReady(link: RedisLink): void
  onLost(link: RedisLink): void
  /** Slots have other owners. */
  onMap(): void
  onChannelMoved(channel: string): void
}

/** One connection to each node of a Redis: to the only one, or to the masters of a cluster. */
export class RedisNodes {
  readonly #options: RedisLinkOptions
  readonly #events: RedisNodesEvents
  readonly #links = new Map<string, RedisLink>()
  /** By slot; nobody owns any while the map of a cluster is not known. */
  #owners: (RedisLink | undefined)[] = noOwners()
  #isCovered = false
  #isLoading = false
  #mustReload = false
  #isClosed = false
  readonly #waiters = new Set<() => void>()
  #cancelTimer: Cancel = () => {}

  constructor(options: RedisLinkOptions, events: RedisNodesEvents) {
    this.#options = options
    this.#events = events
    this.#connectSeeds()
    if (!this.isCluster) {
      this.#owners.fill(this.#linkTo(this.#seed))
      this.#isCovered = true
    }
  }

  get isCluster(): boolean {
    return this.#options.target.kind === 'cluster'
  }

  /** True while every node that is needed is connected. Says nothing of what it carries. */
  get isConnected(): boolean {
    return this.#isCovered && this.#links.values().every(({ isReady }) => isReady)
  }

  /** Resolves when everything is connected, or after `ms`. */
  async connected(ms: number): Promise<void> {
    if (this.isConnected) {
      return
    }
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(ms, () => done())
      const done = () => {
        this.#waiters.delete(done)
        cancel()
        resolve()
      }
      this.#waiters.add(done)
    })
  }

  /** The link to the owner of `slot`, ready or not; undefined while the owner is not known. */
  linkOf(slot: number): RedisLink | undefined {
    return this.#owners[slot]
  }

  /** Learns from a refusal who owns a slot. @returns the link to go to, ready or not */
  redirect({ kind, slot, owner }: Redirection): RedisLink {
    const link = this.#linkTo(owner)
    if (kind === 'moved') {
      this.#owners[slot] = link
      this.reload()
    }
    return link
  }

  /** Looks soon who owns which slot. */
  reload(): void {
    if (!this.isCluster || this.#isClosed) {
      return
    }
    if (this.#isLoading) {
      this.#mustReload = true
      return
    }
    this.#isLoading = true
    this.#cancelTimer()
    this.#load().then(
      () => this.#loaded(),
      () => this.#loaded(),
    )
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
    for (const link of this.#links.values()) {
      link.close()
    }
    for (const done of this.#waiters) {
      done()
    }
  }

  get #seed(): RedisAddress {
    const [seed] = this.#options.target.addresses
    if (seed === undefined) {
      throw new RedisUnavailable('a Redis without an address')
    }
    return seed
  }

  #connectSeeds(): void {
    for (const address of this.#options.target.addresses) {
      this.#linkTo(address)
    }
  }

  #linkTo(address: RedisAddress): RedisLink {
    const name = nameOf(address)
    let link = this.#links.get(name)
    if (link === undefined) {
      link = new RedisLink(address, this.#options, {
        onReady: (ready) => this.#onReady(ready),
        onLost: (lost) => this.#onLost(lost),
        onChannelMoved: (channel) => this.#onChannelMoved(channel),
      })
      this.#links.set(name, link)
    }
    return link
  }

  #onReady(link: RedisLink): void {
    this.reload()
    this.#events.onReady(link)
    this.#noticeConnected()
  }

  #onLost(link: RedisLink): void {
    // All known nodes may have been replaced by others; the configured names lead to those.
    if (this.#links.values().every(({ isReady }) => !isReady)) {
      this.#connectSeeds()
    }
    this.reload()
    this.#events.onLost(link)
  }

  #onChannelMoved(channel: string): void {
    this.reload()
    this.#events.onChannelMoved(channel)
  }

  #loaded(): void {
    this.#isLoading = false
    if (!this.#isClosed) {
      this.#cancelTimer = this.#options.clock.after(this.#mustReload ? MAP_PAUSE_MS : MAP_EVERY_MS, () =>
        this.reload(),
      )
      this.#mustReload = false
    }
  }

  async #load(): Promise<void> {
    for (const link of this.#links.values()) {
      const reply = link.isReady ? await this.#ask(link) : undefined
      if (reply !== undefined && !this.#isClosed) {
        this.#apply(decodeClusterSlots(reply, link.address))
        return
      }
    }
  }

  #ask(link: RedisLink): Promise<unknown> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(MAP_WAIT_MS, () => resolve(undefined))
      const answer = (reply: unknown) => {
        cancel()
        resolve(reply)
      }
      link.send(['CLUSTER', 'SLOTS']).then(answer, () => answer(undefined))
    })
  }

  #apply(ranges: readonly SlotRange[]): void {
    const owners: (RedisLink | undefined)[] = noOwners()
    for (const { from, to, owner } of ranges) {
      owners.fill(this.#linkTo(owner), from, to + 1)
    }
    const needed = new Set(owners)
    for (const [name, link] of this.#links) {
      if (!needed.has(link)) {
        this.#links.delete(name)
        link.close()
      }
    }
    this.#isCovered = !needed.has(undefined)
    if (owners.some((link, slot) => link !== this.#owners[slot])) {
      this.#owners = owners
      this.#events.onMap()
    }
    this.#noticeConnected()
  }

  #noticeConnected(): void {
    if (this.isConnected) {
      for (const done of this.#waiters) {
        done()
      }
    }
  }
}

function noOwners(): (RedisLink | undefined)[] {
  return Array.from({ length: SLOTS }, () => undefined)
}

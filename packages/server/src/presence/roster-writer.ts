import { type Cancel, type Clock, wait } from '@tam/util'
import type { Bus } from '../ports/bus/bus.ts'
import { topics } from '../ports/bus/bus.ts'
import type { Cache } from '../ports/cache/cache.ts'
import { encodeHere, type Here } from './here.ts'
import {
  FROZEN_MS,
  GONE_KEPT_MS,
  LEASE_RENEW_MS,
  LEASE_RETRY_MS,
  LEASE_TTL_MS,
  LEASE_WRITE_MS,
} from './limits.ts'
import { encodeChange } from './messages.ts'
import { encodeRoster } from './roster.ts'
import { leaseGroup, shardOf } from './shards.ts'

const TICK_MS = 1_000
const RENEWAL_SPREAD = 4

export interface RosterWriterDeps {
  readonly clock: Clock
  readonly cache: Pick<Cache, 'hold'>
  readonly bus: Pick<Bus, 'publish'>
  readonly node: string
}

interface Shard {
  readonly number: number
  /** By person. */
  readonly lines: Map<string, string>
  /** People whose line has not been written yet. */
  changed: Set<string>
  /** Of the last change; counted over all shards, since a shard is forgotten when it is empty. */
  seq: number
  renewAt: number
}

/**
 * The leases this chat server holds for its people's devices. A change is written at once, or with others a moment
 * after the last write; a renewal costs one lease per shard, not one per person. What cannot be written is written
 * when it can be.
 */
export class RosterWriter {
  readonly #deps: RosterWriterDeps
  readonly #shards = new Map<number, Shard>()
  readonly #due = new Set<Shard>()
  /** Who left, oldest first, and when that need not be said any more. */
  readonly #gone: { readonly user: string; readonly until: number }[] = []
  #isWriting = false
  #cancel: Cancel | undefined
  #tickedAt = 0
  #seq = 0

  constructor(deps: RosterWriterDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#tickedAt = this.#deps.clock.monotonic()
    this.#cancel = this.#deps.clock.every(TICK_MS, () => this.#tick())
  }

  /** Lets the leases expire: most of the people are about to show up at another server. */
  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  set(user: string, here: Here): void {
    const shard = this.#shardOf(user)
    const line = encodeHere(user, here)
    if (shard.lines.get(user) !== line) {
      shard.lines.set(user, line)
      shard.changed.add(user)
      this.#write(shard)
    }
  }

  /** The person left, at `since` (milliseconds since the Unix epoch). */
  gone(user: string, since: number): void {
    if (this.#shards.get(shardOf(user))?.lines.has(user)) {
      this.set(user, { since, devices: [] })
      this.#gone.push({ user, until: this.#deps.clock.monotonic() + GONE_KEPT_MS })
    }
  }

  #shardOf(user: string): Shard {
    const number = shardOf(user)
    const shard = this.#shards.get(number) ?? {
      number,
      lines: new Map<string, string>(),
      changed: new Set<string>(),
      seq: 0,
      renewAt: 0,
    }
    this.#shards.set(number, shard)
    return shard
  }

  #tick(): void {
    const now = this.#deps.clock.monotonic()
    if (now - this.#tickedAt > FROZEN_MS) {
      this.#forget()
    }
    this.#tickedAt = now
    this.#forgetGone(now)
    for (const shard of this.#shards.values()) {
      if (shard.renewAt <= now) {
        this.#write(shard)
      }
    }
  }

  /** After a standstill: the others have long said of our people what is true. */
  #forget(): void {
    this.#gone.length = 0
    for (const shard of this.#shards.values()) {
      shard.lines.clear()
      shard.changed.clear()
      shard.seq = ++this.#seq
      this.#write(shard)
    }
  }

  // The next renewal leaves them out: nobody is in a hurry to hear that nothing is said any more.
  #forgetGone(now: number): void {
    let due = 0
    for (; (this.#gone[due]?.until ?? Infinity) <= now; due++) {
      const user = this.#gone[due]?.user ?? ''
      const shard = this.#shardOf(user)
      if (shard.lines.get(user)?.endsWith(' -')) {
        shard.lines.delete(user)
        shard.seq = ++this.#seq
      }
    }
    this.#gone.splice(0, due)
  }

  #write(shard: Shard): void {
    this.#due.add(shard)
    if (!this.#isWriting) {
      this.#isWriting = true
      void this.#writeAll()
    }
  }

  async #writeAll(): Promise<void> {
    // One turn of the loop: what changes together is written together.
    await Promise.resolve()
    while (this.#due.size > 0 && this.#cancel !== undefined) {
      const shards = [...this.#due]
      this.#due.clear()
      const isHeld = await this.#hold(shards)
      if (!isHeld) {
        shards.forEach((shard) => this.#due.add(shard))
      }
      await wait(this.#deps.clock, isHeld ? LEASE_WRITE_MS : LEASE_RETRY_MS)
    }
    this.#isWriting = false
  }

  /** @returns false when the cache could not be asked */
  async #hold(shards: readonly Shard[]): Promise<boolean> {
    const { cache, clock, bus, node } = this.#deps
    const asOf = clock.now()
    const written = shards.map((shard) => ({ shard, changed: this.#take(shard) }))
    const leases = shards.map(({ number, seq, lines }) => ({
      group: leaseGroup(number),
      holder: node,
      value: encodeRoster({ seq, asOf, lines: [...lines.values()] }),
    }))
    const isHeld = await cache.hold(leases, LEASE_TTL_MS).then(
      () => true,
      () => false,
    )
    for (const { shard, changed } of written) {
      if (!isHeld) {
        changed.users.forEach((user) => shard.changed.add(user))
      } else if (changed.lines.length > 0) {
        const roster = encodeRoster({ seq: changed.seq, asOf, lines: changed.lines })
        bus.publish(topics.presenceShard(shard.number), encodeChange(node, roster))
      }
      if (isHeld && shard.lines.size === 0) {
        this.#shards.delete(shard.number)
      }
    }
    return isHeld
  }

  /** What of the shard is about to be written for the first time. */
  #take(shard: Shard) {
    const users = shard.changed
    shard.changed = new Set()
    shard.seq = users.size > 0 ? ++this.#seq : shard.seq
    shard.renewAt = this.#deps.clock.monotonic() + LEASE_RENEW_MS - (shard.number % RENEWAL_SPREAD) * TICK_MS
    return { users, seq: shard.seq, lines: [...users].flatMap((user) => shard.lines.get(user) ?? []) }
  }
}

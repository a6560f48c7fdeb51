import type { Clock } from '@tam/util'
import { type Bus, type BusHandler, topics } from '../ports/bus/bus.ts'
import type { Cache } from '../ports/cache/cache.ts'
import { READ_MS, SERVER_RENEW_MS, SHARDS } from './limits.ts'
import { Peers } from './peers.ts'
import type { Person } from './person.ts'
import { Shard } from './shard.ts'
import { leaseGroup, ownerOf, shardOf } from './shards.ts'

export interface OwnShardsDeps {
  readonly clock: Pick<Clock, 'monotonic'>
  readonly cache: Pick<Cache, 'hold' | 'held'>
  readonly bus: Pick<Bus, 'publish' | 'subscribe' | 'unsubscribe'>
  /** Name of this presence server, new at every start. */
  readonly id: string
  /** Hears the topics of the shards. */
  readonly onMessage: BusHandler
  /** Something else is said of these people now. */
  readonly onChanged: (people: Iterable<Person>) => void
}

/** The shards this presence server has: which they are, and what the leases in them say. */
export class OwnShards {
  readonly #deps: OwnShardsDeps
  readonly #peers: Peers
  readonly #shards = new Map<number, Shard>()
  #refreshAt = -Infinity
  #isBusy = false
  #isOpen = false

  constructor(deps: OwnShardsDeps) {
    this.#deps = deps
    this.#peers = new Peers(deps)
  }

  get size(): number {
    return this.#shards.size
  }

  values(): Iterable<Shard> {
    return this.#shards.values()
  }

  get(number: number): Shard | undefined {
    return this.#shards.get(number)
  }

  of(user: string): Shard | undefined {
    return this.#shards.get(shardOf(user))
  }

  async start(): Promise<void> {
    this.#isOpen = true
    await this.#peers.start()
  }

  /** Gives up all of them; the others take them within SERVER_RENEW_MS. */
  async stop(): Promise<void> {
    this.#isOpen = false
    this.clear()
    await this.#peers.leave().catch(() => {})
  }

  /** Forgets all of them, until it is looked again whose they are. */
  clear(): void {
    for (const number of this.#shards.keys()) {
      this.#release(number)
    }
  }

  /** Looks whose the shards are, and reads the leases whose turn it is. What cannot be asked now is asked again. */
  async update(): Promise<void> {
    if (this.#isBusy) {
      return
    }
    this.#isBusy = true
    await this.#refresh()
    await this.#read()
    this.#isBusy = false
  }

  /** Ends what nobody renewed. */
  expire(): void {
    const now = this.#deps.clock.monotonic()
    for (const shard of this.#shards.values()) {
      this.#deps.onChanged(shard.expire(now))
    }
  }

  async #refresh(): Promise<void> {
    const now = this.#deps.clock.monotonic()
    if (now < this.#refreshAt) {
      return
    }
    this.#refreshAt = now + SERVER_RENEW_MS
    try {
      await this.#peers.refresh()
    } catch {
      // The shards stay whose they were; without leases nobody can say anything about them anyway.
      return
    }
    for (let number = 0; this.#isOpen && number < SHARDS; number++) {
      const isOwn = ownerOf(number, this.#peers.known) === this.#deps.id
      if (isOwn && !this.#shards.has(number)) {
        this.#acquire(number)
      } else if (!isOwn && this.#shards.has(number)) {
        this.#release(number)
      }
    }
  }

  #acquire(number: number): void {
    this.#shards.set(number, new Shard(number))
    void this.#deps.bus.subscribe(topics.presenceShard(number), this.#deps.onMessage)
  }

  #release(number: number): void {
    this.#deps.bus.unsubscribe(topics.presenceShard(number), this.#deps.onMessage)
    this.#shards.delete(number)
  }

  /** One call for all that are due. */
  async #read(): Promise<void> {
    const { clock, cache, onChanged } = this.#deps
    const due = [...this.#shards.values()].filter(({ readAt }) => readAt <= clock.monotonic())
    if (due.length === 0) {
      return
    }
    const held = await cache.held(due.map(({ number }) => leaseGroup(number))).catch(() => [])
    const now = clock.monotonic()
    for (const [i, leases] of held.entries()) {
      const shard = due[i]
      if (shard !== undefined) {
        // A little apart, so that not all are due at once for ever.
        shard.readAt = now + READ_MS - (shard.number % 10) * 100
        onChanged(shard.read(leases, now))
      }
    }
  }
}

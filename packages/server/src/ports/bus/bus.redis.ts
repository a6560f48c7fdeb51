import type { RedisLinkOptions } from '../redis/redis-link.ts'
import { MemoryBus } from './bus.memory.ts'
import { type ChannelKind, Channels } from './bus.redis.channels.ts'
import { RedisPublisher } from './bus.redis.publisher.ts'
import { RedisSubscriptions } from './bus.redis.subscriptions.ts'
import type { Bus, BusHandler } from './bus.ts'

/** Where a server tells that it has lost publications. */
const LOSSES = 'losses'
/** Until `open` goes on without Redis. */
export const BUS_OPEN_MS = 2_000

export interface RedisBusOptions extends Omit<RedisLinkOptions, 'purpose'> {
  /** `partition` when absent. */
  readonly channelKind?: ChannelKind
  /** Hears what a handler throws; publishers never do. */
  readonly onError: (error: unknown, topic: string) => void
}

/**
 * The bus of a fleet, on sharded channels where Redis is a cluster. It publishes on one connection per node and listens
 * on another, so that a listener which Redis cuts off can still speak. Its own publications come back from Redis too:
 * what a canary hears has made the whole way.
 */
export class RedisBus implements Bus {
  readonly isLossless = false
  /** Who listens to what, in this process. */
  readonly #handlers: MemoryBus
  readonly #channels: Channels
  readonly #publisher: RedisPublisher
  readonly #subscriptions: RedisSubscriptions
  readonly #listeners = new Set<() => void>()
  readonly #onError: (error: unknown, topic: string) => void
  #isClosed = false

  private constructor({ onError, channelKind = 'partition', ...options }: RedisBusOptions) {
    this.#channels = new Channels(options.target.database, channelKind)
    this.#onError = onError
    this.#handlers = new MemoryBus(onError)
    this.#publisher = new RedisPublisher({ ...options, purpose: 'publish' }, this.#channels, LOSSES)
    this.#subscriptions = new RedisSubscriptions(
      { ...options, purpose: 'subscribe' },
      {
        onMessage: (topic, message) => this.#handlers.publish(topic, message),
        onDiscontinuity: () => this.#tellDiscontinuity(),
      },
    )
  }

  /** Resolves when Redis is connected, or without it after BUS_OPEN_MS: it is tried again for ever. */
  static async open(options: RedisBusOptions): Promise<RedisBus> {
    const bus = new RedisBus(options)
    await Promise.all([
      bus.#publisher.nodes.connected(BUS_OPEN_MS),
      bus.#subscriptions.nodes.connected(BUS_OPEN_MS),
    ])
    await bus.subscribe(LOSSES, () => bus.#tellDiscontinuity())
    return bus
  }

  get isConnected(): boolean {
    return this.#publisher.nodes.isConnected && this.#subscriptions.nodes.isConnected
  }

  get dropped(): number {
    return this.#publisher.dropped
  }

  publish(topic: string, message: string): void {
    if (!this.#isClosed) {
      this.#publisher.publish(topic, message)
    }
  }

  async subscribe(topic: string, handler: BusHandler): Promise<void> {
    if (!this.#isClosed) {
      void this.#handlers.subscribe(topic, handler)
      await this.#subscriptions.add(this.#channels.of(topic))
    }
  }

  unsubscribe(topic: string, handler: BusHandler): void {
    this.#handlers.unsubscribe(topic, handler)
    // The channel of a partition is kept: other topics come, and there are few.
    if (this.#channels.kind === 'topic' && !this.#handlers.hears(topic)) {
      this.#subscriptions.remove(this.#channels.of(topic))
    }
  }

  onDiscontinuity(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#publisher.close()
    this.#subscriptions.close()
    await this.#handlers.close()
  }

  #tellDiscontinuity(): void {
    for (const listener of this.#listeners) {
      try {
        listener()
      } catch (error) {
        this.#onError(error, 'discontinuity')
      }
    }
  }
}

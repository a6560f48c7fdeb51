import type { Clock } from '@tam/util'
import { decodeRedirection } from '../redis/cluster-map.ts'
import { type RedisLink, type RedisLinkOptions, RedisUnavailable } from '../redis/redis-link.ts'
import { RedisNodes } from '../redis/redis-nodes.ts'
import { Refusals } from '../redis/refusals.ts'
import { slotOf } from '../redis/slots.ts'
import { HELD_SCRIPT, HOLD_SCRIPT } from './cache.redis.leases.ts'
import { createTakeScript, type Script } from './cache.redis.take.ts'
import {
  type Cache,
  CacheUnavailable,
  type CacheValue,
  type HeldLease,
  type Lease,
  type Rate,
} from './cache.ts'

/** Until a call has to be answered; then it fails, so that callers fall back before anybody notices. */
export const CACHE_WAIT_MS = 250
/** Keys of one call that are on the way at once. */
export const CACHE_BATCH_MAX = 500
/** Until `open` goes on without Redis. */
export const CACHE_OPEN_MS = 2_000

/** Any key: of a cluster, its node's clock is asked. */
const TIME_KEY = 'time'

export interface RedisCacheOptions extends Omit<RedisLinkOptions, 'purpose'> {
  /** Tests put a clock of their own into it. */
  readonly takeScript?: Script
}

/** The cache of a fleet. What Redis does not answer in time rejects with CacheUnavailable; nothing is queued. */
export class RedisCache implements Cache {
  readonly #clock: Clock
  readonly #nodes: RedisNodes
  readonly #takeScript: Script
  readonly #refusals: Refusals
  #isAnswering = true

  private constructor({ takeScript = createTakeScript(), ...options }: RedisCacheOptions) {
    this.#clock = options.clock
    this.#takeScript = takeScript
    const link = { ...options, purpose: 'cache' }
    this.#refusals = new Refusals(link)
    const onReady = () => this.#refusals.forget()
    this.#nodes = new RedisNodes(link, { onReady, onLost() {}, onMap() {}, onChannelMoved() {} })
  }

  /** Resolves when Redis is connected, or without it after CACHE_OPEN_MS: it is tried again for ever. */
  static async open(options: RedisCacheOptions): Promise<RedisCache> {
    const cache = new RedisCache(options)
    await cache.#nodes.connected(CACHE_OPEN_MS)
    return cache
  }

  get isConnected(): boolean {
    return this.#nodes.isConnected
  }

  get isAnswering(): boolean {
    return this.#isAnswering
  }

  get(key: string): Promise<string | undefined> {
    return this.#inTime(this.#get(key))
  }

  getMany(keys: readonly string[]): Promise<(string | undefined)[]> {
    return this.#inTime(inBatches(keys, (key) => this.#get(key)))
  }

  async set(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#inTime(this.#set(key, value, ttlMs))
  }

  async setMany(values: readonly CacheValue[], ttlMs: number): Promise<void> {
    await this.#inTime(inBatches(values, ({ key, value }) => this.#set(key, value, ttlMs)))
  }

  async delete(key: string): Promise<void> {
    await this.#inTime(this.#send(['DEL', valueKey(key)], valueKey(key)))
  }

  /** Wall milliseconds of Redis. */
  async now(): Promise<number> {
    const [seconds, micros] = (await this.#inTime(this.#send(['TIME'], TIME_KEY))) as string[]
    return Number(seconds) * 1_000 + Number(micros) / 1_000
  }

  take(key: string, rate: Rate, cost = 1): Promise<number> {
    return this.#inTime(this.#take(bucketKey(key), rate, cost))
  }

  async hold(leases: readonly Lease[], ttlMs: number): Promise<void> {
    const ttl = String(Math.max(1, Math.ceil(ttlMs)))
    await this.#inTime(
      inBatches(leases, ({ group, holder, value }) =>
        this.#run(HOLD_SCRIPT, leaseKey(group), [holder, ttl, value]),
      ),
    )
  }

  held(groups: readonly string[]): Promise<HeldLease[][]> {
    return this.#inTime(
      inBatches(groups, async (group) => decodeHeld(await this.#run(HELD_SCRIPT, leaseKey(group), []))),
    )
  }

  async close(): Promise<void> {
    this.#nodes.close()
  }

  async #get(key: string): Promise<string | undefined> {
    const value = await this.#send(['GET', valueKey(key)], valueKey(key))
    return typeof value === 'string' ? value : undefined
  }

  #set(key: string, value: string, ttlMs: number): Promise<unknown> {
    return this.#send(
      ['SET', valueKey(key), value, 'PX', String(Math.max(1, Math.ceil(ttlMs)))],
      valueKey(key),
    )
  }

  async #take(bucket: string, { count, periodMs, burst }: Rate, cost: number): Promise<number> {
    return Number(await this.#run(this.#takeScript, bucket, [count, periodMs, burst, cost].map(String)))
  }

  /** Runs a script over one key. */
  async #run({ sha, source }: Script, key: string, args: readonly string[]): Promise<unknown> {
    const given = ['1', key, ...args]
    try {
      return await this.#send(['EVALSHA', sha, ...given], key)
    } catch (error) {
      // A server that has just started, or SCRIPT FLUSH.
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) {
        return this.#send(['EVAL', source, ...given], key)
      }
      throw error
    }
  }

  /** Sends a command about `key` to the node that owns it. */
  async #send(command: readonly string[], key: string): Promise<unknown> {
    const link = this.#nodes.linkOf(slotOf(key))
    if (link === undefined) {
      throw new RedisUnavailable('no node of the Redis Cluster is known to own the key')
    }
    try {
      return await link.send(command)
    } catch (error) {
      return this.#follow(command, link, error)
    }
  }

  /** Follows a redirection once. @throws {error} when it is none, told in the log when Redis means it */
  #follow(command: readonly string[], link: RedisLink, error: unknown): Promise<unknown> {
    const redirection = decodeRedirection(error, link.address)
    if (redirection === undefined) {
      this.#refusals.tell(error, link)
      throw error
    }
    const owner = this.#nodes.redirect(redirection)
    return redirection.kind === 'ask' ? owner.sendTogether([['ASKING'], command]) : owner.send(command)
  }

  #inTime<Value>(work: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown) => {
        cancel()
        this.#isAnswering = false
        reject(new CacheUnavailable('Redis cannot be asked now', { cause }))
      }
      const late = () => fail(new RedisUnavailable(`no answer for ${CACHE_WAIT_MS} ms`))
      // After a pause of this process the answer may be here already, unread: one more turn lets it in.
      let cancel = this.#clock.after(CACHE_WAIT_MS, () => {
        cancel = this.#clock.after(0, late)
      })
      work.then((value) => {
        cancel()
        this.#isAnswering = true
        return resolve(value)
      }, fail)
    })
  }
}

async function inBatches<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let from = 0; from < items.length; from += CACHE_BATCH_MAX) {
    results.push(...(await Promise.all(items.slice(from, from + CACHE_BATCH_MAX).map(work))))
  }
  return results
}

function valueKey(key: string): string {
  return `tam/value/${key}`
}

function leaseKey(group: string): string {
  return `tam/lease/${group}`
}

/** Holder, value, holder, value … */
function decodeHeld(answer: unknown): HeldLease[] {
  const words: readonly unknown[] = Array.isArray(answer) ? answer : []
  return words.flatMap((holder, i) =>
    i % 2 === 0 ? [{ holder: String(holder), value: String(words[i + 1] ?? '') }] : [],
  )
}

function bucketKey(key: string): string {
  return `tam/bucket/${key}`
}

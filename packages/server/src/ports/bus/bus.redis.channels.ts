import { slotOf } from '../redis/slots.ts'
import { encodePublication } from './bus.redis.publication.ts'

/**
 * Topics share this many slots of a cluster: enough to spread over its nodes, few enough to subscribe to thousands of
 * topics by few commands, since one command reaches one slot only.
 */
export const PARTITIONS = 128

/** A topic without listeners. */
const TRIAL = 'trial'

/**
 * What a channel carries; the same at all servers of a fleet.
 * - `partition`: all topics of a partition. Subscribing costs nothing, but every server hears every publication: best
 *   for up to some twenty chat servers.
 * - `topic`: one topic. A server hears only what it asked for, at some 20 µs and 1 KB per subscribed topic.
 */
export type ChannelKind = 'partition' | 'topic'

/** The channels of topics, `tam<database>{<partition>}[<topic>]`: pub/sub itself knows no databases. */
export class Channels {
  readonly kind: ChannelKind
  readonly #prefixes: readonly string[]
  readonly #slots: readonly number[]

  constructor(database: number, kind: ChannelKind) {
    this.kind = kind
    this.#prefixes = Array.from({ length: PARTITIONS }, (_, partition) => `tam${database}{${partition}}`)
    this.#slots = this.#prefixes.map(slotOf)
  }

  of(topic: string): string {
    const prefix = this.#prefixes[partitionOf(topic)] ?? ''
    return this.kind === 'topic' ? prefix + topic : prefix
  }

  slotOf(topic: string): number {
    return this.#slots[partitionOf(topic)] ?? 0
  }
}

/** Where and what a server may say for a trial: a publication that nobody waits for, on a channel like all others. */
export function trialIn(database: number): { readonly channel: string; readonly message: string } {
  return { channel: new Channels(database, 'partition').of(TRIAL), message: encodePublication(TRIAL, '') }
}

/** FNV-1a over the UTF-16 units. */
function partitionOf(topic: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < topic.length; i++) {
    hash = Math.imul(hash ^ topic.charCodeAt(i), 0x01000193)
  }
  return (hash >>> 0) % PARTITIONS
}

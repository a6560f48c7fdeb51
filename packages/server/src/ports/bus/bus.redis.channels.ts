import { slotOf } from '../redis/slots.ts'

/**
 * Topics share this many slots of a cluster: enough to spread over its nodes, few enough to subscribe to thousands of
 * topics by few commands, since one command reaches one slot only.
 */
export const PARTITIONS = 128

/** The channels of topics, `tam<database>{<partition>}<topic>`: pub/sub itself knows no databases. */
export class Channels {
  readonly #prefixes: readonly string[]
  readonly #slots: readonly number[]

  constructor(database: number) {
    this.#prefixes = Array.from({ length: PARTITIONS }, (_, partition) => `tam${database}{${partition}}`)
    this.#slots = this.#prefixes.map(slotOf)
  }

  of(topic: string): string {
    return `${this.#prefixes[partitionOf(topic)]}${topic}`
  }

  slotOf(topic: string): number {
    return this.#slots[partitionOf(topic)] ?? 0
  }
}

export function topicOf(channel: string): string {
  return channel.slice(channel.indexOf('}') + 1)
}

/** FNV-1a over the UTF-16 units. */
function partitionOf(topic: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < topic.length; i++) {
    hash = Math.imul(hash ^ topic.charCodeAt(i), 0x01000193)
  }
  return (hash >>> 0) % PARTITIONS
}

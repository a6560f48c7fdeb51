/**
 * Hints between servers: at most once, unordered after a reconnect, gone when nobody listens.
 * Nothing is decided by the bus; gaps are found by seq and filled from kv.
 */
export interface Bus {
  /** Never waits for and never fails because of a subscriber. */
  publish(topic: string, message: string): void
  /**
   * Resolves when every later publish will be heard. One handler may serve many topics.
   * While the bus is cut off it resolves all the same, soon; a discontinuity tells when hearing begins.
   */
  subscribe(topic: string, handler: BusHandler): Promise<void>
  unsubscribe(topic: string, handler: BusHandler): void
  /**
   * Calls `listener` each time after publications may have been missed, when every later one will be heard again:
   * the moment to look for gaps.
   * @returns what ends it
   */
  onDiscontinuity(listener: () => void): () => void
  /** False while the bus knows that it is cut off. True proves nothing: only a canary does. */
  readonly isConnected: boolean
  /**
   * True when no publication is ever missed, because everybody is in one process. What guards against losses may take
   * its time then.
   */
  readonly isLossless: boolean
  /** Publications that were never sent, or whose fate is not known, since the start. */
  readonly dropped: number
  close(): Promise<void>
}

export type BusHandler = (topic: string, message: string) => void

/** Topics; see docs/glossary.md. */
export const topics = {
  /** Entries of a log: `<log> <first> <last> <kind>\n<entry>\n<entry>…`. */
  log: (log: string) => `log/${log}`,
  /** How far the logs are that a server appended to, from each server every second: heads/digest.ts. */
  heads: 'heads',
  /** Ephemeral frames for the members of a conversation (typing, others' read positions). */
  conversation: (conv: string) => `conv/${conv}`,
  /** Ephemeral frames and orders for one user's connections (own read positions, revocations). */
  user: (user: string) => `user/${user}`,
  /** A `profile` frame for every change of what a person is called or looks like. */
  people: 'people',
  /** The id of a person whose settings of presence changed. */
  presenceSettings: 'presence-settings',
  /** Of one shard of people: changed leases of chat servers, and what they ask; for the presence server that has it. */
  presenceShard: (shard: number) => `presence/${shard}`,
  /** Statuses for one chat server. */
  presenceNode: (node: string) => `presence-of/${node}`,
  /** A server's messages to itself, which prove that the bus carries data. */
  canary: (node: string) => `canary/${node}`,
} as const

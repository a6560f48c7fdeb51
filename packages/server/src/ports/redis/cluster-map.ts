import type { RedisAddress } from './redis-url.ts'

/** Slots `from` to `to`, both included, and the master that owns them. */
export interface SlotRange {
  readonly from: number
  readonly to: number
  readonly owner: RedisAddress
}

/**
 * The answer of CLUSTER SLOTS.
 * @param asked the node that answered: it may leave its own host out
 */
export function decodeClusterSlots(reply: unknown, asked: RedisAddress): SlotRange[] {
  if (!Array.isArray(reply)) {
    throw new Error('CLUSTER SLOTS was not answered by a list')
  }
  return reply.map((range: unknown) => {
    const [from, to, master] = Array.isArray(range) ? (range as unknown[]) : []
    const [host, port] = Array.isArray(master) ? (master as unknown[]) : []
    if (typeof from !== 'number' || typeof to !== 'number' || typeof port !== 'number') {
      throw new Error('CLUSTER SLOTS was not answered by ranges')
    }
    return { from, to, owner: { host: typeof host === 'string' && host !== '' ? host : asked.host, port } }
  })
}

/** Where a command has to go instead. */
export interface Redirection {
  readonly kind: 'moved' | 'ask'
  readonly slot: number
  readonly owner: RedisAddress
}

/** What `MOVED 3999 127.0.0.1:6381` and `ASK …` say; undefined for every other error. */
export function decodeRedirection(error: unknown, asked: RedisAddress): Redirection | undefined {
  const [, kind, slot, host, port] =
    /^(MOVED|ASK) (\d+) (.*):(\d+)$/.exec(error instanceof Error ? error.message : '') ?? []
  if (kind === undefined) {
    return undefined
  }
  return {
    kind: kind === 'MOVED' ? 'moved' : 'ask',
    slot: Number(slot),
    owner: { host: host === undefined || host === '' ? asked.host : host, port: Number(port) },
  }
}

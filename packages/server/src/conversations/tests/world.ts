import { seededRandom, type Clock, type Random } from '@tam/util'
import type { User } from '@tam/protocol'
import type { Access } from '../../access/access.ts'
import { createAccess } from '../../access/create-access.ts'
import { createLog, type LogStore } from '../../log/create-log.ts'
import { createMessages } from '../../messages/create-messages.ts'
import { createReads } from '../../messages/create-reads.ts'
import { EntryCache } from '../../messages/entry-cache.ts'
import { LastMessages } from '../../messages/last-message.ts'
import type { Messages } from '../../messages/messages.ts'
import type { Reads } from '../../messages/reads.ts'
import { Unread } from '../../messages/unread.ts'
import { MemoryKv } from '../../ports/kv/kv.memory.ts'
import type { Change, CommitResult, KeyedRow, Kv, ScanRange } from '../../ports/kv/kv.ts'
import type { Conversations } from '../conversations.ts'
import { createConversations } from '../create-conversations.ts'
import type { People } from '../deps.ts'
import { TestClock } from './test-clock.ts'

/** The store of a test: survives the processes over it and knows which partitions exist. */
export class Store implements Kv {
  readonly clock = new TestClock()
  readonly partitions = new Set<string>()
  readonly #kv = new MemoryKv(this.clock)

  get(partition: string, key: string) {
    return this.#kv.get(partition, key)
  }

  getMany(refs: Parameters<Kv['getMany']>[0]) {
    return this.#kv.getMany(refs)
  }

  scan(partition: string, range: ScanRange): Promise<KeyedRow[]> {
    return this.#kv.scan(partition, range)
  }

  async commit(partition: string, change: Change): Promise<CommitResult> {
    this.partitions.add(partition)
    return this.#kv.commit(partition, change)
  }

  async close(): Promise<void> {}
}

/** One process of the domain. */
export interface World {
  readonly conversations: Conversations
  readonly messages: Messages
  readonly reads: Reads
  readonly access: Access
  readonly log: LogStore
  readonly published: { topic: string; message: string }[]
  /** Sends `text` under a new cid. */
  say(user: string, conv: string, text: string): Promise<number>
}

let worlds = 0
let cids = 0

export const BUCKET_SIZE = 40
export const PUBLIC_URL = 'http://localhost:8080'

export function createWorld(
  store: Store,
  options: { kv?: Kv; clock?: Clock; random?: Random; people?: People; invisible?: readonly string[] } = {},
): World {
  const {
    kv = store,
    clock = store.clock,
    random = seededRandom(++worlds),
    people = everybody,
    invisible = [],
  } = options
  const access = createAccess({ kv, clock })
  const log = createLog({
    kv,
    clock,
    random,
    bucketSize: BUCKET_SIZE,
    onCommitted: (name, _, entries) => access.onEntries(name, entries),
  })
  const published: World['published'] = []
  const bus = { publish: (topic: string, message: string) => void published.push({ topic, message }) }
  const common = { kv, clock, random, log, bus, access }
  const entries = new EntryCache(log)
  const reads = createReads({
    ...common,
    unread: new Unread(entries),
    invisible: async () => new Set(invisible),
  })
  const lastMessages = new LastMessages(entries)
  const { conversations, directs } = createConversations({
    ...common,
    reads,
    lastMessages,
    people,
    publicUrl: PUBLIC_URL,
  })
  const messages = createMessages({ ...common, directs, entries })
  const say = async (user: string, conv: string, text: string) =>
    (await messages.send(user, conv, { cid: newCid(), text })).seq
  return { conversations, messages, reads, access, log, published, say }
}

export function newCid(): string {
  return `cid-${String(++cids).padStart(8, '0')}`
}

/** Everybody exists but ids that begin with `nobody`. */
const everybody: People = {
  users: async (ids) => ids.filter((id) => !id.startsWith('nobody')).map(profileOf),
}

export function profileOf(id: string): User {
  return { id, username: id, name: `Nguyễn ${id}`, avatar: null, bio: '', status: '' }
}

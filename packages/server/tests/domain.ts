import { systemRandom, type Clock } from '@tam/util'
import type { Access } from '../src/access/access.ts'
import { createAccess } from '../src/access/create-access.ts'
import type { Conversations } from '../src/conversations/conversations.ts'
import { createConversations } from '../src/conversations/create-conversations.ts'
import { createLog, type LogStore } from '../src/log/create-log.ts'
import { createMessages } from '../src/messages/create-messages.ts'
import { createReads } from '../src/messages/create-reads.ts'
import { EntryCache } from '../src/messages/entry-cache.ts'
import { LastMessages } from '../src/messages/last-message.ts'
import type { Messages } from '../src/messages/messages.ts'
import type { Reads } from '../src/messages/reads.ts'
import { Unread } from '../src/messages/unread.ts'
import type { Bus } from '../src/ports/bus/bus.ts'
import type { Kv } from '../src/ports/kv/kv.ts'
import { publishEntries } from '../src/realtime/entry-feed.ts'
import { profileOf } from './test-logins.ts'

/** What the gateway is an edge of. */
export interface Domain {
  readonly log: LogStore
  readonly entries: EntryCache
  readonly access: Access
  readonly conversations: Conversations
  readonly messages: Messages
  readonly reads: Reads
}

export interface DomainOptions {
  readonly clock: Clock
  readonly kv: Kv
  readonly bus: Bus
  readonly publicUrl: string
  /** Stands between the committed entries and the bus. */
  readonly feed: (publish: () => void) => void
}

/** The domain over `kv`; everybody exists. */
export function createDomain({ clock, kv, bus, publicUrl, feed }: DomainOptions): Domain {
  const random = systemRandom
  const access = createAccess({ kv, clock })
  const log = createLog({
    kv,
    clock,
    random,
    onCommitted: (name, first, entries) => {
      access.onEntries(name, entries)
      feed(() => publishEntries(bus, name, first, entries))
    },
  })
  const entries = new EntryCache(log)
  const common = { kv, clock, random, log, access }
  const reads = createReads({ ...common, bus, unread: new Unread(entries) })
  const lastMessages = new LastMessages(entries)
  const people = { users: async (ids: readonly string[]) => ids.map(profileOf) }
  const { conversations, directs } = createConversations({
    ...common,
    reads,
    lastMessages,
    people,
    publicUrl,
  })
  const messages = createMessages({ ...common, directs, entries })
  return { log, entries, access, conversations, messages, reads }
}

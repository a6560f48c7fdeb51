import { availableParallelism } from 'node:os'
import type { User } from '@tam/protocol'
import type { Clock, Random } from '@tam/util'
import { createAccess } from '../access/create-access.ts'
import { createAccounts, type AccountsParts } from '../accounts/create-accounts.ts'
import type { Access } from '../access/access.ts'
import type { HeardSince } from '../access/conversation-cache.ts'
import type { Conversations } from '../conversations/conversations.ts'
import { createConversations } from '../conversations/create-conversations.ts'
import { createLog, type LogStore } from '../log/create-log.ts'
import type { AppendStrategy } from '../log/strategy.ts'
import { createMessages } from '../messages/create-messages.ts'
import { createReads } from '../messages/create-reads.ts'
import { EntryCache } from '../messages/entry-cache.ts'
import { LastMessages } from '../messages/last-message.ts'
import type { Messages } from '../messages/messages.ts'
import type { Reads } from '../messages/reads.ts'
import { Unread } from '../messages/unread.ts'
import type { Heads } from '../heads/heads.ts'
import type { Logger } from '../observability/logger.ts'
import { topics } from '../ports/bus/bus.ts'
import { publishEntries } from '../realtime/entry-feed.ts'
import { readEpoch } from './epoch.ts'
import type { Engines } from './engines.ts'

export interface ServicesOptions {
  readonly engines: Engines
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** For links in invitations; without a slash at the end. */
  readonly publicUrl: string
  /** Who tells other servers how far logs are; absent where there are none. */
  readonly heads?: Heads
  /** Absent where nobody else changes the store. */
  readonly heardSince?: HeardSince
  /** Other than the sound one only in drills that plant a fault. */
  readonly strategy?: AppendStrategy
  /** Other than the default only in drills, on a store of their own. */
  readonly bucketSize?: number
}

/** The domain over the engines: what every edge is built on. */
export interface Services extends AccountsParts {
  readonly epoch: string
  readonly log: LogStore
  readonly entries: EntryCache
  readonly access: Access
  readonly reads: Reads
  readonly messages: Messages
  readonly conversations: Conversations
}

export async function createServices(options: ServicesOptions): Promise<Services> {
  const { clock, random, logger, publicUrl } = options
  const { kv, bus, blobs } = options.engines
  const epoch = await readEpoch(kv, random)
  const { heardSince } = options
  const access = createAccess({ kv, clock, ...(heardSince === undefined ? {} : { heardSince }) })
  const { heads } = options
  const log = createLog({
    kv: heads?.doubts.watch(kv) ?? kv,
    clock,
    random,
    isShared: heardSince !== undefined,
    ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
    ...(options.bucketSize === undefined ? {} : { bucketSize: options.bucketSize }),
    // Access first: whoever hears of a removal must find it done.
    onCommitted(id, first, entries) {
      access.onEntries(id, entries)
      publishEntries(bus, id, first, entries)
      heads?.teller.committed(id, first + entries.length - 1)
    },
  })
  const common = { kv, clock, random, bus, log, access }
  const entries = new EntryCache(log)
  const reads = createReads({
    ...common,
    unread: new Unread(entries),
    invisible: (users) => accounts.profiles.invisible(users),
  })
  const accounts = await createAccounts({
    ...common,
    blobs,
    logger,
    issuer: `tam:${epoch}`,
    hashConcurrency: availableParallelism(),
    onProfileChanged: (user) => void tellProfile(user),
    onPresenceChanged: (user) => bus.publish(topics.presenceSettings, user),
  })
  const { conversations, directs } = createConversations({
    ...common,
    reads,
    lastMessages: new LastMessages(entries),
    people: accounts.profiles,
    publicUrl,
  })
  const messages = createMessages({ ...common, entries, directs })

  /**
   * Everybody who shares a conversation or has the person on screen hears of a new name or picture; the rest see it at
   * their next look.
   */
  async function tellProfile(user: User): Promise<void> {
    try {
      const frame = JSON.stringify({ t: 'profile', users: [user] })
      bus.publish(topics.people, frame)
      for (const { conv } of await conversations.refsOf(user.id)) {
        bus.publish(topics.conversation(conv), frame)
      }
    } catch (error) {
      logger.warn({ err: error }, 'a changed profile was not told')
    }
  }

  return { ...accounts, epoch, log, entries, access, reads, messages, conversations }
}

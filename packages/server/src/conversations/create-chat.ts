import type { Access } from '../access/access.ts'
import type { LogStore } from '../log/create-log.ts'
import { createMessages } from '../messages/create-messages.ts'
import { createReads } from '../messages/create-reads.ts'
import { EntryCache } from '../messages/entry-cache.ts'
import { LastMessages } from '../messages/last-message.ts'
import type { Messages } from '../messages/messages.ts'
import type { Reads } from '../messages/reads.ts'
import { Unread } from '../messages/unread.ts'
import type { Bus } from '../ports/bus/bus.ts'
import type { CommitDeps } from './commit.ts'
import type { Conversations } from './conversations.ts'
import { createConversations } from './create-conversations.ts'
import type { People } from './deps.ts'

export interface ChatDeps extends CommitDeps {
  /** Its `onCommitted` must feed `access.onEntries`. */
  readonly log: LogStore
  readonly bus: Pick<Bus, 'publish'>
  readonly access: Access
  readonly people: People
  /** Without a slash at the end. */
  readonly publicUrl: string
}

export interface Chat {
  readonly conversations: Conversations
  readonly messages: Messages
  readonly reads: Reads
}

/** Conversations, their messages and who has read them, over one cache of entries. */
export function createChat(deps: ChatDeps): Chat {
  const entries = new EntryCache(deps.log)
  const reads = createReads({ ...deps, unread: new Unread(entries) })
  const lastMessages = new LastMessages(entries)
  const { conversations, directs } = createConversations({ ...deps, reads, lastMessages })
  const messages = createMessages({ ...deps, directs, entries })
  return { conversations, messages, reads }
}

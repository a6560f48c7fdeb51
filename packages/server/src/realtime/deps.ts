import type { Me } from '@tam/protocol'
import type { Clock, Random } from '@tam/util'
import type { Access } from '../access/access.ts'
import type { Claims } from '../accounts/claims.ts'
import type { ListedServer } from '../heads/server-list.ts'
import type { Conversations } from '../conversations/conversations.ts'
import type { Log } from '../log/log.ts'
import type { EntryCache } from '../messages/entry-cache.ts'
import type { Messages } from '../messages/messages.ts'
import type { Reads } from '../messages/reads.ts'
import type { Logger } from '../observability/logger.ts'
import type { Bus } from '../ports/bus/bus.ts'
import type { Cache } from '../ports/cache/cache.ts'

export interface TokenChecks {
  /** The claims of a valid access token, undefined for any other text. */
  verifyOnce(token: string): Promise<Claims | undefined>
}

export interface LoginChecks {
  /** False when the login was revoked or never existed; with `since` (monotonic) never an older answer. */
  isActive(sid: string, since?: number): Promise<boolean>
}

export interface OwnProfiles {
  me(user: string): Promise<Me>
}

/** What the gateway needs of the rest of the server. */
export interface GatewayDeps {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly bus: Bus
  readonly log: Pick<Log, 'head' | 'read'>
  /** Every server that may append, by name. Absent where none tells how far logs are. */
  readonly servers?: () => Promise<ReadonlyMap<string, ListedServer>>
  /** Shared with what lists conversations, so that both read the newest entries of a log once. */
  readonly entries: Pick<EntryCache, 'read'>
  readonly tokens: TokenChecks
  readonly logins: LoginChecks
  readonly profiles: OwnProfiles
  readonly access: Pick<Access, 'member' | 'memberCached' | 'onEntries'>
  readonly conversations: Pick<Conversations, 'refsOf' | 'summarise'>
  readonly messages: Pick<Messages, 'send' | 'history'>
  readonly reads: Pick<Reads, 'mark'>
  /** Where presence is kept, and what everybody has sent lately: shared by all servers. */
  readonly cache: Pick<Cache, 'hold' | 'held' | 'take'>
  /** The client's address, behind trusted proxies. */
  readonly addressOf: (request: Request, peer: string | undefined) => string
  /** False when the store has not answered for 10 s: pings stay unanswered, so that clients go elsewhere. */
  readonly isStoreAlive: () => boolean
  /** Collects the whole heap at once; absent where nobody counts bytes. */
  readonly collectGarbage?: () => void
  /** Runs `turn` once after the work of this tick; `setImmediate` when absent. */
  readonly defer?: (turn: () => void) => void
  readonly config: GatewayConfig
}

export interface GatewayConfig {
  /** Name of this server, told in `hello`. */
  readonly node: string
  /** Epoch of the store. */
  readonly epoch: string
  /** Origins a browser may come from, exactly as it sends them. */
  readonly origins: readonly string[]
  /** TAM_RATE_LIMIT_SCALE. */
  readonly rateLimitScale: number
}

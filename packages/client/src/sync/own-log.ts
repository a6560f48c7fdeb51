import type { Conversation, JoinedEntry, Me, SecurityEntry, UserEntry } from '@tam/protocol'
import type { Logs } from './logs.ts'

export interface OwnLogDependencies {
  readonly logs: Logs
  /** Asks for one conversation as the server sees it. */
  readonly fetchConversation: (conv: string) => Promise<Conversation>
  /** One is in a conversation now. */
  readonly onConversation: (told: Conversation) => void
  readonly onMe: (me: Me) => void
  readonly onSecurity: (entry: SecurityEntry) => void
  /** Entries are missing. This log cannot be paged: a new connection syncs it. */
  readonly onGap: () => void
}

/** The user's own log: which conversations one is in, one's profile, and what one should know of one's logins. */
export class OwnLog {
  readonly #deps: OwnLogDependencies
  /** The highest seq seen on this connection. */
  #seen = 0
  /** Up to here the log is contained in the list that sync answered with; undefined before. */
  #listedTo: number | undefined
  /** Conversations left on this connection, with the seq of leaving. */
  readonly #left = new Map<string, number>()

  constructor(dependencies: OwnLogDependencies) {
    this.#deps = dependencies
  }

  receive(entries: readonly UserEntry[]): void {
    const { logs } = this.#deps
    for (const entry of entries) {
      this.#seen = Math.max(this.#seen, entry.seq)
      if (logs.userCursor !== undefined && entry.seq === logs.userCursor + 1) {
        logs.userCursor = entry.seq
        this.#apply(entry)
      }
    }
    this.#check()
  }

  /** Sync has answered with a list that contains the log up to `head`. */
  listed(head: number): void {
    this.#listedTo = head
    this.#deps.logs.userCursor ??= head
    this.#check()
  }

  /** True when one left `conv` after a list that contains the log up to `head` was read. */
  leftSince(conv: string, head: number): boolean {
    return (this.#left.get(conv) ?? 0) > head && this.#deps.logs.get(conv) === undefined
  }

  /** The connection is gone. */
  reset(): void {
    this.#seen = 0
    this.#listedTo = undefined
    this.#left.clear()
  }

  #apply(entry: UserEntry): void {
    const { logs, onMe, onSecurity } = this.#deps
    switch (entry.type) {
      case 'joined':
        this.#joined(entry)
        return
      case 'left':
        // An older one is in the list already, and one may have come back since.
        if (entry.seq > (this.#listedTo ?? 0)) {
          this.#left.set(entry.conv, entry.seq)
          logs.remove(entry.conv)
        }
        return
      case 'profile':
        onMe(entry.user)
        return
      case 'security':
        onSecurity(entry)
        return
      default:
        // A newer server's entry: the cursor has moved on, nothing else happens.
        entry satisfies never
    }
  }

  #joined(entry: JoinedEntry): void {
    const { logs, fetchConversation, onConversation } = this.#deps
    if (logs.get(entry.conv) !== undefined) {
      return
    }
    if (entry.seq > (this.#listedTo ?? 0)) {
      onConversation(provisional(entry, logs.me))
    }
    // Should this fail, the next sync tells the same.
    fetchConversation(entry.conv).then(onConversation, () => undefined)
  }

  #check(): void {
    const { logs, onGap } = this.#deps
    if (this.#listedTo !== undefined && this.#seen > (logs.userCursor ?? 0)) {
      onGap()
    }
  }
}

/** What is known of a conversation the moment one is in it, until the server has told the rest. */
function provisional(entry: JoinedEntry, me: string): Conversation {
  return {
    id: entry.conv,
    kind: entry.kind,
    title: entry.title,
    topic: '',
    public: false,
    peer: entry.kind === 'direct' && entry.from !== me ? entry.from : null,
    role: 'member',
    memberCount: 0,
    head: entry.head,
    read: entry.head,
    unread: 0,
    lastMessage: null,
    createdAt: entry.at,
  }
}

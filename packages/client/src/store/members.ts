import type { ConversationEntry, Member, MemberEntry } from '@tam/protocol'
import { Value, type Notifier } from './observable.ts'

export interface MembersDependencies {
  readonly notifier: Notifier
  readonly load: () => Promise<Member[]>
  readonly onError: (error: unknown) => void
}

/** The members of one conversation and how far they have read, once asked for; live afterwards. */
export class Members {
  readonly members: Value<readonly Member[] | undefined>
  readonly receipts: Value<ReadonlyMap<string, number>>
  readonly #deps: MembersDependencies
  #loading: Promise<void> | undefined
  /** Somebody came while the list was loading: it may lack them. */
  #outdated = false

  constructor(dependencies: MembersDependencies) {
    this.#deps = dependencies
    this.members = new Value<readonly Member[] | undefined>(dependencies.notifier, undefined)
    this.receipts = new Value<ReadonlyMap<string, number>>(dependencies.notifier, new Map())
  }

  /** One load at a time. Rejects with TamError. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  /** Entries of the conversation were applied. */
  applied(entries: readonly ConversationEntry[]): void {
    const changes = entries.filter((entry) => entry.type === 'member')
    if (changes.length > 0 && this.#loading !== undefined) {
      this.#outdated = true
    }
    for (const change of changes) {
      this.#apply(change)
    }
  }

  /** Somebody else read up to `seq`. */
  read(user: string, seq: number): void {
    const receipts = this.receipts.get()
    if (seq > (receipts.get(user) ?? 0)) {
      this.receipts.set(new Map(receipts).set(user, seq))
    }
  }

  /** After an absence: changes may have been missed. */
  refresh(): void {
    if (this.members.get() !== undefined) {
      this.load().catch(this.#deps.onError)
    }
  }

  clear(): void {
    this.members.set(undefined)
    this.receipts.set(new Map())
  }

  async #load(): Promise<void> {
    do {
      this.#outdated = false
      const members = await this.#deps.load()
      this.members.set(members)
      for (const { user, read } of members) {
        this.read(user.id, read ?? 0)
      }
    } while (this.#outdated)
  }

  #apply(entry: MemberEntry): void {
    const members = this.members.get()
    if (members === undefined) {
      return
    }
    const { role } = entry
    switch (entry.change) {
      case 'added':
      case 'joined':
        this.refresh()
        return
      case 'left':
      case 'removed':
        this.members.set(members.filter((member) => member.user.id !== entry.user))
        return
      case 'role':
        if (role !== undefined) {
          this.members.set(
            members.map((member) => (member.user.id === entry.user ? { ...member, role } : member)),
          )
        }
        return
      default:
        // A newer server's change: the list is right again when it is loaded next.
        entry.change satisfies never
    }
  }
}

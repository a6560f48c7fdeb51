import type {
  Conversation,
  ConversationEntry,
  Kind,
  Me,
  Member,
  MemberEntry,
  MessageEntry,
  SendBody,
  UserEntry,
} from '@tam/protocol'
import { UNREAD_EXACT_MAX } from '@tam/protocol/limits'
import { must, type Clock } from '@tam/util'

export interface StoredConversation {
  readonly id: string
  readonly kind: Kind
  readonly title: string | null
  readonly createdAt: string
  readonly entries: ConversationEntry[]
  /** Read position by member; membership is being in here. */
  readonly members: Map<string, number>
}

export type SendOutcome =
  | { readonly type: 'stored'; readonly entry: MessageEntry; readonly isNew: boolean }
  | { readonly type: 'refused'; readonly code: string; readonly retry: boolean }

/** What a server keeps through any restart: conversations with dense logs, and each person's own log. */
export class FakeStore {
  readonly #clock: Clock
  readonly people = new Map<string, Me>()
  readonly conversations = new Map<string, StoredConversation>()
  readonly #userLogs = new Map<string, UserEntry[]>()
  #lastId = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  addPerson(id: string, name: string): Me {
    const person: Me = {
      id,
      username: id,
      name,
      avatar: null,
      bio: '',
      status: '',
      email: null,
      locale: 'vi',
      presence: { dnd: false, visibility: 'contacts', hiddenFrom: [] },
      createdAt: this.#time(),
    }
    this.people.set(id, person)
    return person
  }

  addConversation(members: readonly string[], title: string | null = 'Nhóm thử'): StoredConversation {
    const [owner] = members
    const id = `c${++this.#lastId}`
    const createdAt = this.#time()
    const kind = title === null ? 'direct' : 'group'
    const conversation: StoredConversation = { id, kind, title, createdAt, entries: [], members: new Map() }
    this.conversations.set(id, conversation)
    if (title !== null) {
      const created = { ...this.#common(conversation, must(owner)), type: 'created', kind, title } as const
      conversation.entries.push(created)
    }
    for (const member of members) {
      this.#join(conversation, member, must(owner))
    }
    return conversation
  }

  /** The entry of a change of membership, or undefined when there is nothing to change. */
  changeMember(id: string, user: string, change: 'added' | 'removed', by: string): MemberEntry | undefined {
    const conversation = must(this.conversations.get(id))
    if (conversation.members.has(user) === (change === 'added')) {
      return undefined
    }
    const role = change === 'added' ? ({ role: 'member' } as const) : {}
    const entry = { ...this.#common(conversation, by), type: 'member', change, user, ...role } as const
    conversation.entries.push(entry)
    if (change === 'added') {
      this.#join(conversation, user, by)
    } else {
      conversation.members.delete(user)
      const log = this.userLog(user)
      log.push({ ...this.#ownCommon(log, by), type: 'left', conv: id })
    }
    return entry
  }

  userLog(user: string): UserEntry[] {
    const log = this.#userLogs.get(user) ?? []
    this.#userLogs.set(user, log)
    return log
  }

  /** The conversation, for its members only. */
  find(id: string, user: string): StoredConversation | undefined {
    const conversation = this.conversations.get(id)
    return conversation?.members.has(user) === true ? conversation : undefined
  }

  /** Stores a message once per author and cid, looking for an earlier one only after `base`, as the real one does. */
  send(conversation: StoredConversation, author: string, body: SendBody): SendOutcome {
    const { entries } = conversation
    const base = body.base ?? 0
    if (base > entries.length) {
      return { type: 'refused', code: 'bad_position', retry: false }
    }
    const known = entries.find((entry) => entry.seq > base && entry.from === author && entry.cid === body.cid)
    if (known?.type === 'message') {
      return known.text === body.text
        ? { type: 'stored', entry: known, isNew: false }
        : { type: 'refused', code: 'cid_conflict', retry: false }
    }
    if (
      body.prev !== undefined &&
      !entries.some((entry) => entry.from === author && entry.cid === body.prev)
    ) {
      return { type: 'refused', code: 'aborted_after', retry: true }
    }
    const { cid, text, replyTo } = body
    const common = { ...this.#common(conversation, author), cid }
    const entry = {
      ...common,
      type: 'message',
      id: `m${++this.#lastId}`,
      text,
      ...(replyTo && { replyTo }),
    } as const
    entries.push(entry)
    return { type: 'stored', entry, isNew: true }
  }

  /** Moves a read position forward; undefined when it did not move. */
  read(
    conversation: StoredConversation,
    user: string,
    seq: number,
  ): { seq: number; unread: number } | undefined {
    const before = conversation.members.get(user) ?? 0
    const after = Math.min(seq, conversation.entries.length)
    if (after <= before) {
      return undefined
    }
    conversation.members.set(user, after)
    return { seq: after, unread: this.unread(conversation, user) }
  }

  /** Others' messages after the read position, counted anew. */
  unread(conversation: StoredConversation, user: string): number {
    const read = conversation.members.get(user) ?? 0
    const unread = conversation.entries.filter((e) => e.type === 'message' && e.from !== user && e.seq > read)
    return Math.min(unread.length, UNREAD_EXACT_MAX + 1)
  }

  summary(conversation: StoredConversation, user: string): Conversation {
    const { id, kind, title, entries, members, createdAt } = conversation
    return {
      id,
      kind,
      title,
      topic: '',
      public: false,
      peer: kind === 'direct' ? ([...members.keys()].find((member) => member !== user) ?? null) : null,
      role: 'member',
      memberCount: members.size,
      head: entries.length,
      read: members.get(user) ?? 0,
      unread: this.unread(conversation, user),
      lastMessage: entries.findLast((entry) => entry.type === 'message') ?? null,
      createdAt,
    }
  }

  summaries(user: string): Conversation[] {
    return [...this.conversations.values()]
      .filter((conversation) => conversation.members.has(user))
      .map((conversation) => this.summary(conversation, user))
  }

  membersOf(conversation: StoredConversation): Member[] {
    return [...conversation.members].map(([id, read]) => ({
      user: must(this.people.get(id)),
      role: 'member',
      read,
    }))
  }

  #join(conversation: StoredConversation, user: string, by: string): void {
    const head = conversation.entries.length
    conversation.members.set(user, head)
    const { id: conv, kind, title } = conversation
    const log = this.userLog(user)
    log.push({ ...this.#ownCommon(log, by), type: 'joined', conv, kind, title, head })
  }

  #common(conversation: StoredConversation, from: string) {
    return {
      seq: conversation.entries.length + 1,
      from,
      cid: `operation-${++this.#lastId}`,
      at: this.#time(),
    }
  }

  #ownCommon(log: readonly UserEntry[], from: string) {
    return { seq: log.length + 1, from, cid: `operation-${++this.#lastId}`, at: this.#time() }
  }

  #time(): string {
    return new Date(this.#clock.now()).toISOString()
  }
}

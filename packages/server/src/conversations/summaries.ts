import { assert } from '@tam/util'
import type { Conversation, Role } from '@tam/protocol'
import type { Access, ConversationMeta, Standing } from '../access/access.ts'
import type { Log } from '../log/log.ts'
import type { LastMessages } from '../messages/last-message.ts'
import type { Reads } from '../messages/reads.ts'
import { sidesOf } from '../messages/read-position.ts'
import type { Kv } from '../ports/kv/kv.ts'
import type { ConversationRef, KnownHeads } from './conversations.ts'
import { roleOfMember } from './membership.ts'
import { mapLimited } from './parallel.ts'

export interface SummaryDeps {
  readonly kv: Pick<Kv, 'scan'>
  readonly log: Pick<Log, 'head'>
  readonly access: Access
  readonly reads: Reads
  readonly lastMessages: LastMessages
}

const STRANGER: Standing = { role: undefined, meta: undefined }

/** Conversations summarised at a time. */
const WIDTH = 64

/** A member of a conversation and how far both are. */
interface Member {
  readonly user: string
  readonly role: Role
  readonly meta: ConversationMeta
  readonly read: number
  readonly head: number
}

/** Conversations as one of their members sees them. */
export class Summaries {
  readonly #deps: SummaryDeps

  constructor(deps: SummaryDeps) {
    this.#deps = deps
  }

  async refsOf(user: string): Promise<ConversationRef[]> {
    const sides = await sidesOf(this.#deps.kv, user)
    return [...sides].map(([conv, { value, position }]) => ({ conv, kind: value.kind, read: position }))
  }

  /**
   * The conversations of `refs` that the user is a member of. Heads come first: whoever is a member after them may see
   * what is up to them. A caller who knows the heads follows the conversations, and knows that the user is in them.
   */
  async summarise(
    user: string,
    refs: readonly ConversationRef[],
    knownHeads?: KnownHeads,
  ): Promise<Conversation[]> {
    const convs = refs.map(({ conv }) => conv)
    const heads = knownHeads === undefined ? await this.#headsOf(convs) : convs.map(knownHeads)
    const standings = await (knownHeads === undefined
      ? this.#deps.access.standings(user, convs)
      : this.#standingsInside(user, convs))
    const members = refs.flatMap(({ conv, read }, index) => {
      const [{ role, meta }, head] = [standings[index] ?? STRANGER, heads[index]]
      if (role === undefined || meta === undefined || head === undefined) {
        return []
      }
      this.#deps.reads.recall(user, conv, read)
      return [{ user, role, meta, read: read.seq, head }]
    })
    return this.#summaries(members)
  }

  async list(user: string): Promise<Conversation[]> {
    const conversations = await this.summarise(user, await this.refsOf(user))
    const activity = ({ lastMessage, createdAt }: Conversation) => lastMessage?.at ?? createdAt
    return conversations.sort((a, b) => (activity(a) < activity(b) ? 1 : -1))
  }

  async get(user: string, conv: string): Promise<Conversation> {
    const head = await this.#deps.log.head(conv)
    const { access } = this.#deps
    const [role, meta] = await Promise.all([access.requireMember(conv, user), access.conversation(conv)])
    return this.#fromLog({ user, role, meta, head, read: await this.#position(user, conv) })
  }

  #headsOf(convs: readonly string[]): Promise<number[]> {
    return mapLimited(convs, WIDTH, (conv) => this.#deps.log.head(conv))
  }

  /** How a member stands: nothing of their own has to be read for that. */
  async #standingsInside(user: string, convs: readonly string[]): Promise<Standing[]> {
    const metas = await this.#deps.access.conversations(convs)
    return metas.map((meta) => ({ role: meta && roleOfMember(meta.staff, user), meta }))
  }

  async #summaries(members: readonly Member[]): Promise<Conversation[]> {
    const summaries = members.map((member) => this.#fromMemory(member))
    if (summaries.includes(undefined)) {
      await mapLimited([...members.entries()], WIDTH, async ([index, member]) => {
        summaries[index] ??= await this.#fromLog(member)
      })
    }
    return summaries.filter((summary) => summary !== undefined)
  }

  /** Undefined when something has to be read: most conversations of a sync need nothing, and no promise. */
  #fromMemory(member: Member): Conversation | undefined {
    const { user, meta, read, head } = member
    const { reads, lastMessages } = this.#deps
    const unread = reads.unreadKnown(user, meta.id, read, head)
    const lastMessage = lastMessages.known(meta.id, head)
    return unread === undefined || lastMessage === undefined
      ? undefined
      : summaryOf(member, unread, lastMessage)
  }

  async #fromLog(member: Member): Promise<Conversation> {
    const { user, meta, read, head } = member
    const { reads, lastMessages } = this.#deps
    const unread = await reads.unread(user, meta.id, read, head)
    return summaryOf(member, unread, await lastMessages.find(meta.id, head))
  }

  async #position(user: string, conv: string): Promise<number> {
    const [position] = await this.#deps.reads.positions(conv, [user])
    assert(position !== undefined, 'one user has one position')
    return position
  }
}

function summaryOf(
  { user, role, meta, read, head }: Member,
  unread: number,
  lastMessage: Conversation['lastMessage'],
): Conversation {
  const { id, kind, title, topic, pair, memberCount, createdAt } = meta
  return {
    id,
    kind,
    title,
    topic,
    public: meta.public,
    peer: pair === null ? null : peerOf(user, pair),
    role,
    memberCount,
    head,
    read,
    unread,
    lastMessage,
    createdAt,
  }
}

function peerOf(user: string, [a, b]: readonly [string, string]): string {
  return user === a ? b : a
}

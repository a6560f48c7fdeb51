import { assert } from '@tam/util'
import type { Conversation } from '@tam/protocol'
import type { Access, Preloaded } from '../access/access.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log/log.ts'
import type { LastMessages } from '../messages/last-message.ts'
import type { Reads } from '../messages/reads.ts'
import { prefixEnd, type Kv } from '../ports/kv/kv.ts'
import type { ConversationRef, KnownHeads } from './conversations.ts'
import { REFS_MAX } from './limits.ts'
import { mapLimited } from './parallel.ts'
import { SIDE_PREFIX, decode, sideKey, userPartition, type SideRow } from './rows.ts'

export interface SummaryDeps {
  readonly kv: Pick<Kv, 'get' | 'scan'>
  readonly log: Pick<Log, 'head'>
  readonly access: Access
  readonly reads: Reads
  readonly lastMessages: LastMessages
}

/** Conversations summarised at a time. */
const WIDTH = 64

/** Conversations as one of their members sees them. */
export class Summaries {
  readonly #deps: SummaryDeps

  constructor(deps: SummaryDeps) {
    this.#deps = deps
  }

  async refsOf(user: string): Promise<ConversationRef[]> {
    const range = { from: SIDE_PREFIX, to: prefixEnd(SIDE_PREFIX), limit: REFS_MAX }
    const rows = await this.#deps.kv.scan(userPartition(user), range)
    return rows.map((row) => {
      const { kind, seq } = decode<SideRow>(row)
      return { conv: row.key.slice(SIDE_PREFIX.length), kind, joinedSeq: seq }
    })
  }

  async summarise(
    user: string,
    refs: readonly ConversationRef[],
    heads?: KnownHeads,
  ): Promise<Conversation[]> {
    const convs = refs.map(({ conv }) => conv)
    const { reads, access } = this.#deps
    const [positions, known] = await Promise.all([reads.positionsOf(user), access.preload(user, convs)])
    const summaries = await mapLimited(refs, WIDTH, (ref) =>
      this.#summary(user, ref, known, {
        position: positions.get(ref.conv) ?? ref.joinedSeq,
        head: heads?.(ref.conv),
      }),
    )
    return summaries.filter((summary) => summary !== undefined)
  }

  async list(user: string): Promise<Conversation[]> {
    const conversations = await this.summarise(user, await this.refsOf(user))
    const activity = ({ lastMessage, createdAt }: Conversation) => lastMessage?.at ?? createdAt
    return conversations.sort((a, b) => (activity(a) < activity(b) ? 1 : -1))
  }

  async get(user: string, conv: string): Promise<Conversation> {
    const known = await this.#deps.access.preload(user, [conv])
    if ((await known.member(conv, user)) === undefined) {
      throw new AppError('not_found')
    }
    const summary = await this.#summary(user, await this.#refOf(user, conv, known), known, {})
    if (summary === undefined) {
      throw new AppError('not_found')
    }
    return summary
  }

  async #refOf(user: string, conv: string, known: Preloaded): Promise<ConversationRef> {
    const row = await this.#deps.kv.get(userPartition(user), sideKey(conv))
    if (row !== undefined) {
      const { kind, seq } = decode<SideRow>(row)
      return { conv, kind, joinedSeq: seq }
    }
    const { kind } = await known.conversation(conv)
    if (kind === 'direct') {
      // The other side has opened it and said nothing yet.
      throw new AppError('not_found')
    }
    return { conv, kind, joinedSeq: await this.#deps.log.head(conv) }
  }

  async #summary(
    user: string,
    ref: ConversationRef,
    known: Preloaded,
    { position, head: knownHead }: { position?: number; head?: number | undefined },
  ): Promise<Conversation | undefined> {
    const { log, reads, lastMessages } = this.#deps
    const { conv } = ref
    const role = await known.member(conv, user)
    if (role === undefined) {
      return undefined
    }
    const meta = await known.conversation(conv)
    const head = knownHead ?? (await log.head(conv))
    const read = position ?? (await this.#position(user, conv))
    const { kind, title, topic, pair, memberCount, createdAt } = meta
    return {
      id: conv,
      kind,
      title,
      topic,
      public: meta.public,
      peer: pair === null ? null : peerOf(user, pair),
      role,
      memberCount,
      head,
      read,
      unread: await reads.unread(user, conv, read, head),
      lastMessage: await lastMessages.find(conv, head),
      createdAt,
    }
  }

  async #position(user: string, conv: string): Promise<number> {
    const [position] = await this.#deps.reads.positions(conv, [user])
    assert(position !== undefined, 'one user has one position')
    return position
  }
}

function peerOf(user: string, [a, b]: readonly [string, string]): string {
  return user === a ? b : a
}

import type { ConversationEntry, Role } from '@tam/protocol'
import type { Clock } from '@tam/util'
import {
  MEMBER_PREFIX,
  META,
  convPartition,
  decode,
  decodeMeta,
  isDirectId,
  memberKey,
  sideKey,
  userPartition,
  type MemberRow,
  type MetaRow,
} from '../conversations/rows.ts'
import { MEMBERS_MAX } from '../conversations/limits.ts'
import { AppError } from '../errors.ts'
import { isMessage } from '../messages/entry-head.ts'
import { prefixEnd, type Kv, type Row } from '../ports/kv/kv.ts'
import type { Access, ConversationMeta, Standing } from './access.ts'
import { ConversationCache, type CachedConversation, type HeardSince } from './conversation-cache.ts'
import { isAtLeast } from './roles.ts'

export interface AccessDeps {
  readonly kv: Pick<Kv, 'get' | 'getMany' | 'scan'>
  readonly clock: Pick<Clock, 'monotonic'>
  /** Absent where nobody else changes the store. */
  readonly heardSince?: HeardSince
}

const ALWAYS: HeardSince = () => -Infinity

/** Access over kv, with what was read lately in memory. */
export function createAccess(deps: AccessDeps): Access {
  return new CachedAccess(deps)
}

class CachedAccess implements Access {
  readonly #kv: AccessDeps['kv']
  readonly #cache: ConversationCache

  constructor({ kv, clock, heardSince = ALWAYS }: AccessDeps) {
    this.#kv = kv
    this.#cache = new ConversationCache(clock, heardSince)
  }

  memberCached(conv: string, user: string): Role | undefined | null {
    const entry = this.#cache.get(conv)
    if (entry === undefined) {
      return null
    }
    // Never undefined: a server that does not hear the conversation's log must not believe a past no.
    return entry.roles.get(user) ?? null
  }

  // Not async: callers that ask at the same time get the same promise and go on in the order they asked.
  member(conv: string, user: string): Promise<Role | undefined> {
    const known = this.memberCached(conv, user)
    if (known !== null) {
      return Promise.resolve(known)
    }
    const entry = this.#cache.open(conv)
    const underWay = entry.readings.get(user)
    if (underWay !== undefined) {
      return underWay
    }
    const reading = this.#readMember(conv, user, entry).finally(() => {
      if (entry.readings.get(user) === reading) {
        entry.readings.delete(user)
      }
    })
    entry.readings.set(user, reading)
    return reading
  }

  async #readMember(conv: string, user: string, entry: CachedConversation): Promise<Role | undefined> {
    const { generation } = entry
    const role = roleOf(await this.#readShown(conv, user))
    if (role !== undefined && entry.generation === generation) {
      entry.roles.set(user, role)
    }
    return role
  }

  /** The row of a member. Both people of a direct conversation have one, and it is nothing to whom it is not shown yet. */
  async #readShown(conv: string, user: string): Promise<Row | undefined> {
    const member = { partition: convPartition(conv), key: memberKey(user) }
    if (!isDirectId(conv)) {
      return this.#kv.get(member.partition, member.key)
    }
    const side = { partition: userPartition(user), key: sideKey(conv) }
    const [row, shown] = await this.#kv.getMany([member, side])
    return shown === undefined ? undefined : row
  }

  async requireMember(conv: string, user: string): Promise<Role> {
    const role = await this.member(conv, user)
    if (role === undefined) {
      throw new AppError('not_found')
    }
    return role
  }

  async requireRole(conv: string, user: string, atLeast: Role): Promise<Role> {
    const role = await this.requireMember(conv, user)
    if (!isAtLeast(role, atLeast)) {
      throw new AppError('forbidden')
    }
    return role
  }

  async members(conv: string): Promise<ReadonlyMap<string, Role>> {
    const entry = this.#cache.open(conv)
    if (!entry.complete) {
      return this.#readMembers(conv, entry)
    }
    return entry.changed.size === 0 ? entry.roles : this.#readChanged(conv, entry)
  }

  async #readMembers(conv: string, entry: CachedConversation): Promise<ReadonlyMap<string, Role>> {
    const { generation } = entry
    const rows = await this.#kv.scan(convPartition(conv), {
      from: MEMBER_PREFIX,
      to: prefixEnd(MEMBER_PREFIX),
      limit: MEMBERS_MAX.channel,
    })
    const roles = new Map(
      rows.map((row) => [row.key.slice(MEMBER_PREFIX.length), decode<MemberRow>(row).role]),
    )
    // Two rows are read again at once, and a role in memory must be one of somebody it is shown to.
    if (entry.generation === generation && !isDirectId(conv)) {
      for (const [user, role] of roles) {
        entry.roles.set(user, role)
      }
      entry.changed.clear()
      // A conversation without members may be about to begin.
      entry.complete = roles.size > 0
    }
    return roles
  }

  async #readChanged(conv: string, entry: CachedConversation): Promise<ReadonlyMap<string, Role>> {
    const { generation } = entry
    const users = [...entry.changed]
    const rows = await this.#kv.getMany(
      users.map((user) => ({ partition: convPartition(conv), key: memberKey(user) })),
    )
    if (entry.generation !== generation) {
      return this.members(conv)
    }
    for (const [index, user] of users.entries()) {
      const role = roleOf(rows[index])
      if (role !== undefined) {
        entry.roles.set(user, role)
      }
    }
    entry.changed.clear()
    return entry.roles
  }

  async conversation(conv: string): Promise<ConversationMeta> {
    const entry = this.#cache.open(conv)
    if (entry.meta !== undefined) {
      return entry.meta
    }
    const { generation } = entry
    const meta = metaOf(conv, decodeMeta(await this.#kv.get(convPartition(conv), META)))
    if (meta === undefined) {
      throw new AppError('not_found')
    }
    if (entry.generation === generation) {
      entry.meta = meta
    }
    return meta
  }

  async conversations(convs: readonly string[]): Promise<(ConversationMeta | undefined)[]> {
    const entries = convs.map((conv) => this.#cache.open(conv))
    const metas = entries.map(({ meta }) => meta)
    const missing = [...entries.entries()].filter(([, { meta }]) => meta === undefined)
    if (missing.length > 0) {
      const generations = missing.map(([, { generation }]) => generation)
      const rows = await this.#kv.getMany(
        missing.map(([index]) => ({ partition: convPartition(convs[index] ?? ''), key: META })),
      )
      for (const [at, [index, entry]] of missing.entries()) {
        const meta = metaOf(convs[index] ?? '', decodeMeta(rows[at]))
        metas[index] = meta
        entry.meta = entry.generation === generations[at] ? meta : entry.meta
      }
    }
    return metas
  }

  async standings(user: string, convs: readonly string[]): Promise<Standing[]> {
    const missing: MissingRow[] = []
    const standings = convs.map((conv) => {
      const entry = this.#cache.open(conv)
      const standing = { role: entry.roles.get(user), meta: entry.meta }
      const common = { conv, entry, generation: entry.generation, standing }
      if (standing.meta === undefined) {
        missing.push({ ...common, key: META })
      }
      if (standing.role === undefined) {
        missing.push({ ...common, key: memberKey(user) })
      }
      return standing
    })
    if (missing.length > 0) {
      await this.#readMissing(user, missing)
    }
    return standings
  }

  async #readMissing(user: string, missing: readonly MissingRow[]): Promise<void> {
    const rows = await this.#kv.getMany(
      missing.map(({ conv, key }) => ({ partition: convPartition(conv), key })),
    )
    for (const [index, { conv, key, entry, generation, standing }] of missing.entries()) {
      // What changed meanwhile is not remembered; an absent role never is.
      const isCurrent = entry.generation === generation
      if (key === META) {
        standing.meta = metaOf(conv, decodeMeta(rows[index]))
        entry.meta = isCurrent ? standing.meta : entry.meta
        continue
      }
      standing.role = roleOf(rows[index])
      if (isCurrent && standing.role !== undefined) {
        entry.roles.set(user, standing.role)
      }
    }
  }

  onEntries(log: string, entries: readonly string[]): void {
    const changes = entries.filter((entry) => !isMessage(entry))
    const cached = changes.length === 0 ? undefined : this.#cache.get(log)
    if (cached !== undefined) {
      changes.forEach((change) => invalidate(cached, JSON.parse(change) as ConversationEntry))
    }
  }

  forget(conv: string): void {
    this.#cache.delete(conv)
  }

  expire(): void {
    this.#cache.expire()
  }
}

/** A row that memory lacks, and where it belongs. */
interface MissingRow {
  readonly conv: string
  readonly key: string
  readonly entry: CachedConversation
  /** Of the entry, before the row was read. */
  readonly generation: number
  readonly standing: { -readonly [Field in keyof Standing]: Standing[Field] }
}

function invalidate(cached: CachedConversation, entry: ConversationEntry): void {
  if (entry.type === 'member') {
    cached.invalidateMember(entry.user)
  } else {
    cached.invalidateMeta()
  }
}

function roleOf(row: Row | undefined): Role | undefined {
  return row === undefined ? undefined : decode<MemberRow>(row).role
}

function metaOf(conv: string, row: MetaRow | undefined): ConversationMeta | undefined {
  if (row === undefined) {
    return undefined
  }
  const { kind, title, topic, pair, members, staff, by, at } = row
  return {
    id: conv,
    kind,
    title,
    topic,
    public: row.public,
    pair,
    memberCount: members,
    staff,
    createdBy: by,
    createdAt: at,
  }
}

import type { ReadNotice } from '@tam/protocol'
import type { Access } from '../access/access.ts'
import { commitSurely, type CommitDeps } from '../conversations/commit.ts'
import { CHANGE_ATTEMPTS_MAX } from '../conversations/limits.ts'
import { formerReadKey, sideKey, userPartition, type ReadPosition } from '../conversations/rows.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log/log.ts'
import { topics, type Bus } from '../ports/bus/bus.ts'
import type { Change } from '../ports/kv/kv.ts'
import { sidesIn, type Side } from './read-position.ts'
import type { Marked, Reads } from './reads.ts'
import type { Count, Unread } from './unread.ts'

export interface ReadsDeps extends CommitDeps {
  readonly log: Pick<Log, 'head'>
  readonly bus: Pick<Bus, 'publish'>
  readonly access: Pick<Access, 'requireMember' | 'conversation'>
  readonly unread: Unread
  /** Those of the people of whom nobody is told how far they read. Absent where nobody hides. */
  readonly invisible?: (users: readonly string[]) => Promise<ReadonlySet<string>>
}

const NOWHERE: ReadPosition = { seq: 0 }

/** Entries looked at for one count that make it worth storing. */
export const KEEP_COUNT_MIN = 2_048

export function createReads(deps: ReadsDeps): Reads {
  return new StoredReads(deps)
}

class StoredReads implements Reads {
  readonly #deps: ReadsDeps

  constructor(deps: ReadsDeps) {
    this.#deps = deps
  }

  async mark(user: string, conv: string, seq: number): Promise<Marked> {
    await this.#deps.access.requireMember(conv, user)
    const head = await this.#deps.log.head(conv)
    const moved = await this.#move(user, conv, Math.min(seq, head))
    const marked = { ...moved, unread: await this.unread(user, conv, moved.read, head) }
    if (marked.moved) {
      await this.#tell(user, conv, marked)
    }
    return marked
  }

  async positions(conv: string, users: readonly string[]): Promise<number[]> {
    const sides = await sidesIn(this.#deps.kv, conv, users)
    return users.map((user, index) => {
      const { position } = sides[index] ?? { position: NOWHERE }
      this.recall(user, conv, position)
      return position.seq
    })
  }

  async receipts(conv: string, viewer: string, users: readonly string[]): Promise<(number | null)[]> {
    const [positions, invisible] = await Promise.all([this.positions(conv, users), this.#invisible(users)])
    return users.map((user, i) => (user !== viewer && invisible.has(user) ? null : (positions[i] ?? 0)))
  }

  recall(user: string, conv: string, { seq, counted }: ReadPosition): void {
    if (counted !== undefined) {
      this.#deps.unread.recall(user, conv, { read: seq, ...counted })
    }
  }

  unreadKnown(user: string, conv: string, read: number, head: number): number | undefined {
    return head <= read ? 0 : this.#deps.unread.known(user, conv, read, head)
  }

  async unread(user: string, conv: string, read: number, head: number): Promise<number> {
    if (head <= read) {
      return 0
    }
    const count = await this.#deps.unread.count(user, conv, read, head)
    if (count.looked >= KEEP_COUNT_MIN) {
      // Costs nothing but time when it fails: the next restart counts again.
      await this.#keep(user, conv, count).catch(() => {})
    }
    return count.count
  }

  async #invisible(users: readonly string[]): Promise<ReadonlySet<string>> {
    return (await this.#deps.invisible?.(users)) ?? new Set()
  }

  async #keep(user: string, conv: string, { read, upTo, count }: Count): Promise<void> {
    const [side] = await sidesIn(this.#deps.kv, conv, [user])
    if (side?.position.seq === read) {
      const change = moveOf(conv, side, { seq: read, counted: { upTo, count } })
      await commitSurely(this.#deps, userPartition(user), change, async () => true)
    }
  }

  async #move(user: string, conv: string, seq: number): Promise<Omit<Marked, 'unread'>> {
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt++) {
      const [side] = await sidesIn(this.#deps.kv, conv, [user])
      const read = side?.position.seq ?? 0
      // Without a side there is nothing to read yet, or nothing any more.
      if (side === undefined || seq <= read) {
        return { read, moved: false }
      }
      const change = moveOf(conv, side, { seq })
      // Whoever finds the position moved already tells it all the same: their own first attempt may have been the one.
      const isThere = async () => (await sidesIn(this.#deps.kv, conv, [user]))[0]?.position.seq === seq
      if (await commitSurely(this.#deps, userPartition(user), change, isThere)) {
        return { read: seq, moved: true }
      }
    }
    throw new AppError('unavailable')
  }

  async #tell(user: string, conv: string, { read, unread }: Marked): Promise<void> {
    const notice: ReadNotice & { readonly t: 'read' } = { t: 'read', conv, user, seq: read }
    this.#deps.bus.publish(topics.user(user), JSON.stringify({ ...notice, unread }))
    const { kind } = await this.#deps.access.conversation(conv)
    if (kind !== 'channel' && !(await this.#invisible([user])).has(user)) {
      this.#deps.bus.publish(topics.conversation(conv), JSON.stringify(notice))
    }
  }
}

/** Expecting the side as it was read keeps a late move out of a membership that has ended. */
function moveOf(conv: string, { row, value }: Side, read: ReadPosition): Change {
  return {
    expect: [{ key: sideKey(conv), rev: row.rev }],
    put: [{ key: sideKey(conv), value: JSON.stringify({ ...value, read }) }],
    delete: value.read === undefined ? [formerReadKey(conv)] : [],
  }
}

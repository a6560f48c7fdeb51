import type { ReadNotice } from '@tam/protocol'
import type { Access } from '../access/access.ts'
import { commitSurely, type CommitDeps } from '../conversations/commit.ts'
import { CHANGE_ATTEMPTS_MAX } from '../conversations/limits.ts'
import { decode, readKey, sideKey, userPartition, type SideRow } from '../conversations/rows.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log/log.ts'
import { topics, type Bus } from '../ports/bus/bus.ts'
import type { Row } from '../ports/kv/kv.ts'
import type { Marked, Reads } from './reads.ts'
import type { Unread } from './unread.ts'

export interface ReadsDeps extends CommitDeps {
  readonly log: Pick<Log, 'head'>
  readonly bus: Pick<Bus, 'publish'>
  readonly access: Pick<Access, 'requireMember' | 'conversation'>
  readonly unread: Unread
}

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
    const rows = await this.#deps.kv.getMany(users.flatMap((user) => refsOf(user, conv)))
    return users.map((_, index) => positionOf(rows[index * 2], rows[index * 2 + 1]))
  }

  unread(user: string, conv: string, read: number, head: number): Promise<number> {
    return this.#deps.unread.count(user, conv, read, head)
  }

  async #move(user: string, conv: string, seq: number): Promise<Omit<Marked, 'unread'>> {
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt++) {
      const [row, side] = await this.#deps.kv.getMany(refsOf(user, conv))
      const read = positionOf(row, side)
      if (seq <= read) {
        // A repeat that conflicts with its own first attempt ends here too: then the move is told by nobody,
        // and the next sync says it.
        return { read, moved: false }
      }
      // Expecting the side keeps a late move out of a membership that has ended.
      const expect = [
        { key: readKey(conv), rev: row?.rev ?? null },
        { key: sideKey(conv), rev: side?.rev ?? null },
      ]
      const change = { expect, put: [{ key: readKey(conv), value: String(seq) }] }
      if (await commitSurely(this.#deps, userPartition(user), change, async () => false)) {
        return { read: seq, moved: true }
      }
    }
    throw new AppError('unavailable')
  }

  async #tell(user: string, conv: string, { read, unread }: Marked): Promise<void> {
    const notice: ReadNotice & { readonly t: 'read' } = { t: 'read', conv, user, seq: read }
    this.#deps.bus.publish(topics.user(user), JSON.stringify({ ...notice, unread }))
    const { kind } = await this.#deps.access.conversation(conv)
    if (kind !== 'channel') {
      this.#deps.bus.publish(topics.conversation(conv), JSON.stringify(notice))
    }
  }
}

function refsOf(user: string, conv: string) {
  const partition = userPartition(user)
  return [
    { partition, key: readKey(conv) },
    { partition, key: sideKey(conv) },
  ]
}

/** The stored position, else where the membership began. */
export function positionOf(row: Row | undefined, side: Row | undefined): number {
  if (row !== undefined) {
    return Number(row.value)
  }
  return side === undefined ? 0 : decode<SideRow>(side).seq
}

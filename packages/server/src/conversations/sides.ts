import type { EntryDraft, Kind } from '@tam/protocol'
import { AppError } from '../errors.ts'
import { encodeBody, type Log } from '../log/log.ts'
import type { Change, Row } from '../ports/kv/kv.ts'
import { digest } from './change-event.ts'
import { commitSurely, type CommitDeps } from './commit.ts'
import { CHANGE_ATTEMPTS_MAX, LEFT_SECONDS } from './limits.ts'
import { decode, formerReadKey, leftKey, sideKey, userPartition, type LeftRow, type SideRow } from './rows.ts'

/** A membership as it appears on one person's side. */
export interface Joining {
  readonly conv: string
  readonly kind: Kind
  readonly title: string | null
  /** Seq of the entry that made them a member: entries after it follow. */
  readonly seq: number
  readonly op: string
  readonly by: string
  readonly at: string
}

export type Leaving = Pick<Joining, 'conv' | 'seq' | 'op' | 'by' | 'at'>

/**
 * The people's side of memberships: a row to list them by and an entry in their own log. Every step may be repeated
 * at any later time; the seq of the membership entry decides which of two steps is the later one.
 */
export class Sides {
  readonly #deps: CommitDeps & { readonly log: Log }

  constructor(deps: CommitDeps & { readonly log: Log }) {
    this.#deps = deps
  }

  async join(user: string, joining: Joining): Promise<void> {
    const { conv, kind, title, seq, op, by, at } = joining
    const side: SideRow = { kind, seq, read: { seq } }
    await this.#move(user, joining, {
      put: [{ key: sideKey(conv), value: JSON.stringify(side) }],
      delete: [leftKey(conv), formerReadKey(conv)],
    })
    await this.#tell(user, { type: 'joined', conv, kind, title, head: seq, from: by, cid: op, at })
  }

  async leave(user: string, leaving: Leaving): Promise<void> {
    const { conv, seq, op, by, at } = leaving
    const left: LeftRow = { seq }
    await this.#move(user, leaving, {
      put: [{ key: leftKey(conv), value: JSON.stringify(left), ttl: LEFT_SECONDS }],
      delete: [sideKey(conv), formerReadKey(conv)],
    })
    await this.#tell(user, { type: 'left', conv, from: by, cid: op, at })
  }

  async #move(user: string, { conv, seq }: Leaving, change: Change): Promise<void> {
    const partition = userPartition(user)
    const keys = [sideKey(conv), leftKey(conv)]
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS_MAX; attempt++) {
      const rows = await this.#deps.kv.getMany(keys.map((key) => ({ partition, key })))
      if (rows.some((row) => seqOf(row) >= seq)) {
        return
      }
      const expect = keys.map((key, index) => ({ key, rev: rows[index]?.rev ?? null }))
      if (await commitSurely(this.#deps, partition, { ...change, expect }, async () => false)) {
        return
      }
    }
    throw new AppError('unavailable')
  }

  async #tell(user: string, draft: EntryDraft & { readonly type: 'joined' | 'left' }): Promise<void> {
    // Whoever shows a direct conversation first decides what the entry says; the operation is the same.
    const request = { author: user, cid: draft.cid, sha: digest(`${draft.type} ${draft.conv}`), base: 0 }
    const result = await this.#deps.log.append(user, { ...request, body: encodeBody(draft) })
    if (!result.ok) {
      throw new AppError(result.code)
    }
  }
}

function seqOf(row: Row | undefined): number {
  return row === undefined ? -1 : decode<SideRow | LeftRow>(row).seq
}

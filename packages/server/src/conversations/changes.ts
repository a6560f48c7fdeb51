import type { Access } from '../access/access.ts'
import { AppError } from '../errors.ts'
import type { LogStore } from '../log/create-log.ts'
import type { Expectation, Put } from '../ports/kv/kv.ts'
import { entriesOf, type ChangeEvent, type PendingRow } from './change-event.ts'
import { commitSurely, untilUncontended, type CommitDeps } from './commit.ts'
import { finishChange, finishPending } from './finish.ts'
import type { Intents } from './intents.ts'
import { CHANGES_WAITING_MAX } from './limits.ts'
import { Serial } from './parallel.ts'
import { META, convPartition, decodeMeta, newId, pendingKey, type MetaRow } from './rows.ts'
import type { Sides } from './sides.ts'

export interface ChangeDeps extends CommitDeps {
  readonly log: LogStore
  readonly access: Pick<Access, 'forget'>
  readonly intents: Intents
  readonly sides: Sides
}

/** The moment a change is decided in. */
export interface Deciding {
  readonly op: string
  readonly at: string
  readonly meta: MetaRow
}

/** What to write when nothing else changes meanwhile. */
export interface Draft {
  readonly event: ChangeEvent
  /** What changes in the meta row. */
  readonly meta?: Partial<Pick<MetaRow, 'title' | 'topic' | 'members' | 'staff'>>
  /** Rows that were read and are not the meta row's to protect. */
  readonly expect?: readonly Expectation[]
  readonly put?: readonly Put[]
  readonly delete?: readonly string[]
}

/** A meta row before its operation is known. */
export type NewMeta = Omit<MetaRow, 'by' | 'at' | 'version' | 'op'>

/**
 * Changes of members and details. They span partitions, so each one is: an intent; one conditional commit in the
 * conversation's partition, which is the truth and carries what still has to be told; the telling (finish.ts); the
 * end of the intent. Whatever a crash cuts off, the next change of the conversation or the sweeper finishes.
 */
export class Changes {
  readonly #deps: ChangeDeps
  // An optimisation for this process: the commit stays the arbiter.
  readonly #serial = new Serial(CHANGES_WAITING_MAX)

  constructor(deps: ChangeDeps) {
    this.#deps = deps
  }

  /** Creates a group or channel with `by` in it. */
  async create(
    conv: string,
    by: string,
    decide: (moment: Omit<Deciding, 'meta'>) => Draft & { meta: NewMeta },
  ) {
    const moment = this.#moment(newId(this.#deps.random))
    const draft = decide(moment)
    const meta: MetaRow = { ...draft.meta, by, at: moment.at, version: 1, op: moment.op }
    if (!(await this.#commit(conv, by, { moment, draft, meta, rev: null, base: 0 }))) {
      throw new AppError('unavailable')
    }
  }

  /**
   * Decides and commits until nothing changed in between, then tells. `decide` reads what it needs from kv, throws
   * AppError to refuse, and returns undefined when there is nothing to do.
   * @throws AppError `not_found`, `unknown`, `storage_full`, `unavailable`, and what `decide` throws
   */
  change(
    conv: string,
    by: string,
    decide: (deciding: Deciding) => Promise<Draft | undefined>,
  ): Promise<void> {
    return this.#serial.run(conv, () => {
      const op = newId(this.#deps.random)
      return untilUncontended(this.#deps, () => this.#attempt(conv, by, op, decide))
    })
  }

  async #attempt(
    conv: string,
    by: string,
    op: string,
    decide: (deciding: Deciding) => Promise<Draft | undefined>,
  ): Promise<boolean> {
    const row = await this.#deps.kv.get(convPartition(conv), META)
    const current = decodeMeta(row)
    if (row === undefined || current === undefined) {
      throw new AppError('not_found')
    }
    // Read after the row this change expects: what became true before it is told before it.
    await finishPending(this.#deps, conv)
    const moment = this.#moment(op)
    const draft = await decide({ ...moment, meta: current })
    if (draft === undefined) {
      return true
    }
    const base = await this.#deps.log.head(conv)
    const meta: MetaRow = { ...current, ...draft.meta, version: current.version + 1, op }
    return this.#commit(conv, by, { moment, draft, meta, rev: row.rev, base })
  }

  async #commit(conv: string, by: string, decided: Decided): Promise<boolean> {
    const { moment, draft, meta, rev, base } = decided
    const { op, at } = moment
    const { intents, access } = this.#deps
    const pending: PendingRow = { op, version: meta.version, by, at, base, event: draft.event }
    await intents.place(op, { type: 'change', conv, at })
    const change = {
      expect: [{ key: META, rev }, ...(draft.expect ?? [])],
      put: [
        { key: META, value: JSON.stringify(meta) },
        { key: pendingKey(op), value: JSON.stringify(pending) },
        ...(draft.put ?? []),
      ],
      delete: draft.delete ?? [],
    }
    const mine = () => this.#isTrue(conv, pending)
    if (!(await commitSurely(this.#deps, convPartition(conv), change, mine))) {
      // Certain: the row that the change expects is gone for good.
      await intents.remove(op)
      return false
    }
    access.forget(conv)
    await finishChange(this.#deps, conv, pending)
    await intents.remove(op)
    return true
  }

  // Another process may have finished it meanwhile; then the log has its entry.
  async #isTrue(conv: string, pending: PendingRow): Promise<boolean> {
    const row = await this.#deps.kv.get(convPartition(conv), pendingKey(pending.op))
    if (row !== undefined) {
      return true
    }
    const [{ author, cid } = { author: pending.by, cid: pending.op }] = entriesOf(pending)
    const found = await this.#deps.log.lookup(conv, { author, cid, base: pending.base })
    return found?.kind === 'stored'
  }

  #moment(op: string): Omit<Deciding, 'meta'> {
    return { op, at: new Date(this.#deps.clock.now()).toISOString() }
  }
}

interface Decided {
  readonly moment: Omit<Deciding, 'meta'>
  readonly draft: Draft
  readonly meta: MetaRow
  readonly rev: string | null
  readonly base: number
}

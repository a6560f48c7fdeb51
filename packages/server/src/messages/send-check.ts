import { unreachable } from '@tam/util'
import type { SendBody } from '@tam/protocol'
import type { Access } from '../access/access.ts'
import type { Directs } from '../conversations/directs.ts'
import { leftKey, sideKey, userPartition } from '../conversations/rows.ts'
import { AppError } from '../errors.ts'
import type { LogStore } from '../log/create-log.ts'
import { RecentMap } from '../log/recent-map.ts'
import type { Kv } from '../ports/kv/kv.ts'
import { digestOf } from './body-digest.ts'
import type { EntryCache } from './entry-cache.ts'
import { isMessage } from './entry-head.ts'

export interface SendCheckDeps {
  readonly kv: Pick<Kv, 'getMany'>
  readonly log: Pick<LogStore, 'head' | 'refuse'>
  readonly access: Pick<Access, 'member' | 'memberCached' | 'conversation'>
  readonly directs: Pick<Directs, 'beforeMessage'>
  readonly entries: EntryCache
}

export type Verdict =
  | { readonly kind: 'store' }
  | /** Call `show` once the message is stored: it makes a direct conversation appear to the other side. */ {
      readonly kind: 'store-and-show'
      readonly show: () => Promise<void>
    }
  | /** An earlier attempt was stored, by somebody who is no member any more. */ {
      readonly kind: 'stored'
      readonly seq: number
    }

/** Conversations known to be shown to all their members. */
const SHOWN_MAX = 50_000

/** Decides whether a message may be stored. */
export class SendCheck {
  readonly #deps: SendCheckDeps
  readonly #shown = new RecentMap<true>(SHOWN_MAX)

  constructor(deps: SendCheckDeps) {
    this.#deps = deps
  }

  /** True when memory alone says that the message may be stored. */
  isSettled(user: string, conv: string, body: SendBody): boolean {
    const role = this.#deps.access.memberCached(conv, user)
    return body.replyTo === undefined && role !== null && role !== undefined && this.#shown.get(conv) === true
  }

  /** @throws AppError `not_found`, `invalid_request`, `cid_conflict`, `unknown` */
  async check(user: string, conv: string, body: SendBody): Promise<Verdict> {
    if ((await this.#deps.access.member(conv, user)) === undefined) {
      return this.#checkStranger(user, conv, body)
    }
    if (body.replyTo !== undefined) {
      await this.#checkReply(conv, body.replyTo)
    }
    if (this.#shown.get(conv) === true) {
      return { kind: 'store' }
    }
    const { pair } = await this.#deps.access.conversation(conv)
    const show = pair === null ? undefined : await this.#deps.directs.beforeMessage(conv, user, pair)
    if (show === undefined) {
      this.#shown.set(conv, true)
      return { kind: 'store' }
    }
    return { kind: 'store-and-show', show }
  }

  async #checkReply(conv: string, seq: number): Promise<void> {
    const head = await this.#deps.log.head(conv)
    const [entry] = seq <= head ? await this.#deps.entries.read(conv, seq, seq) : []
    if (entry === undefined || !isMessage(entry)) {
      const message = 'must be the seq of a message of this conversation'
      throw new AppError('invalid_request', { errors: [{ field: 'replyTo', message }] })
    }
  }

  /**
   * A resend by somebody who was a member: the attempt made then may have been stored or may still land, so the log
   * decides, once and for all. Everybody else was never let in.
   */
  async #checkStranger(user: string, conv: string, body: SendBody): Promise<Verdict> {
    if (body.resend !== true || !(await this.#wasMember(user, conv))) {
      throw new AppError('not_found')
    }
    const { cid, base = 0, text, replyTo } = body
    const earlier = await this.#deps.log.refuse(conv, { author: user, cid, base })
    switch (earlier.kind) {
      case 'stored':
        if (earlier.sha !== digestOf(text, replyTo)) {
          throw new AppError('cid_conflict')
        }
        return { kind: 'stored', seq: earlier.seq }
      case 'refused':
        throw new AppError('not_found')
      case 'unknown':
        throw new AppError('unknown')
      default:
        return unreachable(earlier)
    }
  }

  async #wasMember(user: string, conv: string): Promise<boolean> {
    const partition = userPartition(user)
    const rows = await this.#deps.kv.getMany(
      [sideKey(conv), leftKey(conv)].map((key) => ({ partition, key })),
    )
    return rows.some((row) => row !== undefined)
  }
}

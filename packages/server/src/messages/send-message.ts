import { must, unreachable, type Clock, type Random } from '@tam/util'
import type { MessageEntry, SendBody } from '@tam/protocol'
import { newId } from '../conversations/rows.ts'
import { AppError } from '../errors.ts'
import { encodeBody, type AppendRequest, type Log } from '../log/log.ts'
import { digestOf } from './body-digest.ts'
import type { EntryCache } from './entry-cache.ts'
import type { Sent } from './messages.ts'
import type { SendCheck, Verdict } from './send-check.ts'
import { SendOrder } from './send-order.ts'

export interface SenderDeps {
  readonly log: Pick<Log, 'append'>
  readonly clock: Pick<Clock, 'now'>
  readonly random: Random
  readonly entries: EntryCache
  readonly check: SendCheck
}

/** An entry before it has its seq. JSON leaves out what is undefined. */
type Message = Omit<MessageEntry, 'seq' | 'replyTo'> & { readonly replyTo: number | undefined }

/** Stores messages. A send that needs no check reaches the log in the same call; the others keep their order. */
export class Sender {
  readonly #deps: SenderDeps
  readonly #order = new SendOrder()

  constructor(deps: SenderDeps) {
    this.#deps = deps
  }

  send(user: string, conv: string, body: SendBody): Promise<Sent> {
    const { check } = this.#deps
    return this.#order.isFree(user, conv) && check.isSettled(user, conv, body)
      ? this.#store(user, conv, body)
      : this.#order.run(
          user,
          conv,
          () => check.check(user, conv, body),
          (verdict) => this.#follow(verdict, user, conv, body),
        )
  }

  async #follow(verdict: Verdict, user: string, conv: string, body: SendBody): Promise<Sent> {
    switch (verdict.kind) {
      case 'store':
        return this.#store(user, conv, body)
      case 'store-and-show': {
        const sent = await this.#store(user, conv, body)
        // The message is durable whatever happens here; what fails is finished by the sweeper.
        await verdict.show().catch(() => {})
        return sent
      }
      case 'stored':
        return { seq: verdict.seq, duplicate: true, at: await this.#storedAt(conv, verdict.seq) }
      default:
        return unreachable(verdict)
    }
  }

  async #store(user: string, conv: string, body: SendBody): Promise<Sent> {
    const at = new Date(this.#deps.clock.now()).toISOString()
    const result = await this.#deps.log.append(conv, this.#request(user, body, at))
    if (!result.ok) {
      throw new AppError(result.code)
    }
    const { seq, duplicate } = result
    return { seq, duplicate, at: duplicate ? await this.#storedAt(conv, seq) : at }
  }

  #request(user: string, body: SendBody, at: string): AppendRequest {
    const { cid, base = 0, prev, resend, text, replyTo } = body
    // `type`, `id` and `from` first, in this order: entry-head.ts reads them there.
    const id = newId(this.#deps.random)
    const message: Message = { type: 'message', id, from: user, cid, text, replyTo, at }
    return { author: user, cid, sha: digestOf(text, replyTo), base, body: encodeBody(message), prev, resend }
  }

  async #storedAt(conv: string, seq: number): Promise<string> {
    const [entry] = await this.#deps.entries.read(conv, seq, seq)
    return (JSON.parse(must(entry, 'a stored entry can be read')) as MessageEntry).at
  }
}

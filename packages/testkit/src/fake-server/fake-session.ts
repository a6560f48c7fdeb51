import { UpFrame, type ConversationEntry, type DownFrame, type UserEntry } from '@tam/protocol'
import { CLOSE, type CloseCode } from '@tam/protocol/close-code'
import { HEARTBEAT_MS, PAGE_DEFAULT } from '@tam/protocol/limits'
import { unreachable } from '@tam/util'
import type { SocketEnd } from '../socket-pair.ts'
import type { FakeServer } from './fake-server.ts'
import type { StoredConversation } from './fake-store.ts'

type Frame<T extends UpFrame['t']> = Extract<UpFrame, { t: T }>

/** One connection to the fake server. */
export class FakeSession {
  readonly #server: FakeServer
  readonly #end: SocketEnd
  /** Undefined before `auth`. */
  user: string | undefined
  watched: readonly string[] = []

  constructor(server: FakeServer, end: SocketEnd) {
    this.#server = server
    this.#end = end
    end.onFrame = (text) => this.#receive(text)
    end.onClose = () => server.left(this)
  }

  tell(frame: DownFrame): void {
    this.#end.send(JSON.stringify(frame))
  }

  push(conv: string, entries: readonly (ConversationEntry | UserEntry)[]): void {
    const { framesOf } = this.#server.options
    for (let at = 0; at < entries.length; at += framesOf) {
      this.tell({ t: 'entry', conv, entries: entries.slice(at, at + framesOf) })
    }
  }

  close(code: CloseCode): void {
    this.#end.close(code.code, code.reason)
    this.#server.left(this)
  }

  #receive(text: string): void {
    const parsed = UpFrame.safeParse(JSON.parse(text))
    if (!parsed.success) {
      this.#server.violations.push(`${text}: ${parsed.error.message}`)
      this.close(CLOSE.badFrame)
    } else if (parsed.data.t === 'auth') {
      this.#authenticate(parsed.data)
    } else if (this.user === undefined) {
      this.#server.violations.push(`before auth: ${text}`)
      this.close(CLOSE.unauthenticated)
    } else {
      this.#handle(parsed.data, this.user)
    }
  }

  /** Everybody is online. */
  #count(convs: readonly string[]): void {
    const asOf = new Date(this.#server.clock.now()).toISOString()
    const counts = convs.map((id) => ({ id, online: this.#server.store.people.size, asOf }))
    if (counts.length > 0) {
      this.tell({ t: 'presence', users: [], counts })
    }
  }

  #authenticate({ token }: Frame<'auth'>): void {
    const { store, options, clock } = this.#server
    const person = store.people.get(this.#server.userOf(token) ?? '')
    if (person === undefined) {
      this.close(CLOSE.unauthenticated)
      return
    }
    this.user = person.id
    this.tell({
      t: 'hello',
      session: 's',
      user: person,
      node: 'fake',
      epoch: options.epoch,
      heartbeatMs: HEARTBEAT_MS,
      serverTime: new Date(clock.now()).toISOString(),
    })
  }

  #handle(frame: Exclude<UpFrame, { t: 'auth' }>, user: string): void {
    switch (frame.t) {
      case 'sync':
        this.#sync(frame, user)
        return
      case 'send':
        this.#send(frame, user)
        return
      case 'history':
        this.#history(frame, user)
        return
      case 'read':
        this.#server.read(frame.conv, user, frame.seq, this)
        return
      case 'typing':
        this.#server.typing(frame.conv, user)
        return
      case 'watch':
        this.watched = frame.users
        this.#count(frame.convs ?? [])
        return
      case 'ping':
        this.tell({ t: 'pong' })
        return
      case 'focus':
        return
      default:
        unreachable(frame)
    }
  }

  #sync({ id, cursors, epoch }: Frame<'sync'>, user: string): void {
    const { store, options } = this.#server
    const own = store.userLog(user)
    const conversations = store.summaries(user)
    // In as many frames as there can be: one for each conversation, the last one with the answer.
    for (const conversation of conversations.slice(0, -1)) {
      this.tell({ t: 'conversations', id, conversations: [conversation] })
    }
    const total = conversations.length > 1 ? { total: conversations.length } : {}
    this.tell({ t: 'ok', id, conversations: conversations.slice(-1), ...total, user: { head: own.length } })
    const current = epoch === undefined || epoch === options.epoch
    for (const { id: conv } of conversations) {
      this.#catchUp(conv, cursors[conv], store.find(conv, user)?.entries ?? [], current)
    }
    this.#catchUp(user, cursors[user], own, current)
  }

  #catchUp(
    conv: string,
    cursor: number | undefined,
    entries: readonly (ConversationEntry | UserEntry)[],
    current: boolean,
  ): void {
    const head = entries.length
    if (cursor === undefined) {
      return
    }
    if (!current) {
      this.tell({ t: 'resync', conv, reason: 'epoch_changed', head })
    } else if (cursor > head) {
      this.tell({ t: 'resync', conv, reason: 'bad_position', head })
    } else if (head - cursor > this.#server.options.gapMax) {
      this.tell({ t: 'resync', conv, reason: 'gap_too_large', head })
    } else {
      this.push(conv, entries.slice(cursor))
    }
  }

  #send({ t: _type, id, conv, ...body }: Frame<'send'>, user: string): void {
    const conversation = this.#server.store.find(conv, user)
    if (conversation === undefined) {
      this.tell({ t: 'err', id, code: 'not_found', retry: false })
      return
    }
    const mood = this.#server.options.mood(body)
    if (mood.type === 'refuse') {
      this.tell({ t: 'err', id, code: mood.code, retry: mood.retry })
      return
    }
    const outcome = this.#server.send(conversation, user, body)
    if (outcome.type === 'refused') {
      this.tell({ t: 'err', id, code: outcome.code, retry: outcome.retry })
    } else if (mood.type === 'unknown') {
      this.tell({ t: 'err', id, code: 'unknown', retry: true })
    } else {
      this.tell({ t: 'ok', id, cid: body.cid, seq: outcome.entry.seq, at: outcome.entry.at })
    }
  }

  #history({ id, conv, before, after, around, limit = PAGE_DEFAULT }: Frame<'history'>, user: string): void {
    const conversation = this.#server.store.find(conv, user)
    if (conversation === undefined) {
      this.tell({ t: 'err', id, code: 'not_found', retry: false })
      return
    }
    const entries = page(
      conversation,
      { before, after, around },
      Math.min(limit, this.#server.options.pageMax),
    )
    this.tell({ t: 'ok', id, entries, state: {}, head: conversation.entries.length })
  }
}

function page(
  { entries }: StoredConversation,
  { before, after, around = 0 }: Record<'before' | 'after' | 'around', number | undefined>,
  limit: number,
): ConversationEntry[] {
  if (before !== undefined) {
    return entries.slice(Math.max(0, before - 1 - limit), before - 1)
  }
  const from = after ?? Math.max(0, around - 1 - Math.floor(limit / 2))
  return entries.slice(from, from + limit)
}

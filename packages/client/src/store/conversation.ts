import type { Conversation as Summary, ConversationEntry, Member, ReadNotice } from '@tam/protocol'
import type { Clock } from '@tam/util'
import type { ConversationHandle, SendHandle } from '../api.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { ReadHistory } from '../sync/history.ts'
import type { LogChange, Logs } from '../sync/logs.ts'
import { Members } from './members.ts'
import { Derived, type Notifier } from './observable.ts'
import { TimelineStore } from './timeline-store.ts'
import { Typing } from './typing.ts'

export interface ConversationDependencies {
  readonly id: string
  readonly notifier: Notifier
  readonly clock: Clock
  readonly logs: Logs
  readonly outbox: Outbox
  readonly history: ReadHistory
  readonly loadMembers: (conv: string) => Promise<Member[]>
  readonly sendTyping: (conv: string) => void
  readonly onRead: (conv: string) => void
  readonly onOpened: (conv: string) => void
  readonly onClosed: (conv: string) => void
  readonly onError: (error: unknown) => void
}

/** Everything about one conversation: the parts of its handle, and what keeps them up to date. */
export class Conversation implements ConversationHandle {
  readonly id: string
  readonly summary: Derived<Summary | undefined>
  readonly #deps: ConversationDependencies
  readonly #timeline: TimelineStore
  readonly #typing: Typing
  readonly #members: Members

  constructor(dependencies: ConversationDependencies) {
    const { id, notifier, clock, logs, outbox, history, loadMembers, sendTyping, onError } = dependencies
    this.id = id
    this.#deps = dependencies
    this.summary = new Derived(notifier, () => logs.get(id)?.summary)
    this.#timeline = new TimelineStore({
      notifier,
      me: () => logs.me,
      state: () => logs.get(id),
      history: (position) => history(id, position),
      unsent: () => outbox.items(id),
      onOlder: (page) => logs.prepend(id, page.entries),
    })
    this.#typing = new Typing({ clock, notifier, send: () => sendTyping(id) })
    this.#members = new Members({ notifier, load: () => loadMembers(id), onError })
  }

  get timeline() {
    return this.#timeline.timeline
  }

  get typing() {
    return this.#typing.ids
  }

  get members() {
    return this.#members.members
  }

  get receipts() {
    return this.#members.receipts
  }

  get opened(): boolean {
    return this.#timeline.opened
  }

  open(): () => void {
    this.#deps.onOpened(this.id)
    const close = this.#timeline.open()
    let closed = false
    return () => {
      if (!closed) {
        closed = true
        close()
        this.#deps.onClosed(this.id)
      }
    }
  }

  loadBefore(): Promise<void> {
    return this.#timeline.loadBefore()
  }

  loadAfter(): Promise<void> {
    return this.#timeline.loadAfter()
  }

  jumpTo(seq: number): Promise<void> {
    return this.#timeline.jumpTo(seq)
  }

  jumpToLatest(): Promise<void> {
    return this.#timeline.jumpToLatest()
  }

  loadMembers(): Promise<void> {
    return this.#members.load()
  }

  send(text: string, options: { replyTo?: number } = {}): SendHandle {
    this.#typing.sent()
    return this.#deps.outbox.send(this.id, text, options.replyTo)
  }

  retry(cid: string): void {
    this.#deps.outbox.retry(this.id, cid)
  }

  discard(cid: string): Promise<string | undefined> {
    return this.#deps.outbox.discard(this.id, cid)
  }

  markRead(seq: number): void {
    const { logs, onRead } = this.#deps
    const summary = logs.get(this.id)?.summary
    const read = Math.min(seq, summary?.head ?? 0)
    if (summary !== undefined && read > summary.read) {
      logs.read(this.id, read)
      onRead(this.id)
    }
  }

  notifyTyping(): void {
    this.#typing.notify()
  }

  onLog(change: LogChange): void {
    this.summary.invalidate()
    this.#timeline.onLog(change)
    if (change.type === 'applied') {
      this.#applied(change.entries)
    } else if (change.type === 'removed' || change.type === 'all') {
      this.#typing.clear()
      this.#members.clear()
    }
  }

  onOutbox(): void {
    this.#timeline.timeline.invalidate()
  }

  onTyping(user: string): void {
    this.#typing.heard(user)
  }

  /** Somebody else read. */
  onReceipt({ user, seq }: ReadNotice): void {
    this.#members.read(user, seq)
  }

  onConnected(): void {
    this.#timeline.fill()
    if (this.opened) {
      this.#members.refresh()
    }
  }

  evict(): void {
    this.#timeline.evict()
    this.#deps.logs.trim(this.id)
  }

  #applied(entries: readonly ConversationEntry[]): void {
    this.#members.applied(entries)
    for (const entry of entries) {
      if (entry.type === 'message') {
        this.#typing.stopped(entry.from)
      }
    }
  }
}

import type { ConversationHandle, MessageItem, Timeline } from '@tam/client'
import type { Conversation, Member } from '@tam/protocol'
import { createState } from '../../src/platform/state.ts'
import { LabLog, ME, type LogShape } from './lab-log.ts'

const PAGE = 50
const WINDOW_MAX = 400

export interface LabShape extends LogShape {
  readonly id: string
  readonly kind: Conversation['kind']
  readonly title: string | null
  readonly unread?: number
  readonly peer?: string
}

/** How the server behaves; a test changes it while the page runs. */
export interface LabServer {
  pageMs: number
  /** `fail`: every page request ends in an error. */
  pages: 'answer' | 'fail'
  ackMs: number
  /** hold: no answer · fail: refused. */
  acks: 'store' | 'hold' | 'fail'
  failCode: string
}

/** A conversation without a server that keeps count of what is asked of it. */
export class LabHandle implements ConversationHandle {
  readonly id: string
  readonly summary
  readonly timeline = createState<Timeline>({
    items: [],
    hasBefore: true,
    hasAfter: false,
    loading: null,
    failed: null,
  })
  readonly typing = createState<readonly string[]>([])
  readonly members = createState<readonly Member[] | undefined>(undefined)
  readonly receipts = createState<ReadonlyMap<string, number>>(new Map())
  readonly server: LabServer = { pageMs: 60, pages: 'answer', ackMs: 60, acks: 'store', failCode: 'internal' }
  readonly sent: { cid: string; text: string; replyTo?: number }[] = []
  readonly reads: number[] = []
  readonly pages: string[] = []
  inFlight = 0
  maxInFlight = 0
  typingNotices = 0
  readonly log: LabLog
  onLive: (item: MessageItem) => void = () => {}
  #window: { from: number; to: number } | undefined
  #outbox: MessageItem[] = []
  #cids = 0

  constructor(shape: LabShape) {
    this.id = shape.id
    this.log = new LabLog(shape)
    this.summary = createState<Conversation | undefined>({
      id: shape.id,
      kind: shape.kind,
      title: shape.title,
      topic: '',
      public: false,
      peer: shape.peer ?? null,
      role: 'member',
      memberCount: 4,
      head: shape.head,
      read: shape.head - (shape.unread ?? 0),
      unread: Math.min(100, shape.unread ?? 0),
      lastMessage: null,
      createdAt: new Date(shape.endsAt).toISOString(),
    })
  }

  open(): () => void {
    if (this.#window === undefined && this.timeline.get().loading === null) {
      this.#page('initial', () => this.#latest()).catch(() => {})
    }
    return () => {}
  }

  loadBefore(): Promise<void> {
    return this.#page('before', (window) => {
      const from = Math.max(1, window.from - PAGE)
      return { from, to: Math.min(window.to, from + WINDOW_MAX - 1) }
    })
  }

  loadAfter(): Promise<void> {
    return this.#page('after', (window) => {
      const to = Math.min(this.log.head, window.to + PAGE)
      return { from: Math.max(window.from, to - WINDOW_MAX + 1), to }
    })
  }

  jumpTo(seq: number): Promise<void> {
    const from = Math.max(1, Math.min(seq - PAGE / 2, this.log.head - PAGE))
    return this.#page('around', () => ({ from, to: Math.min(this.log.head, from + PAGE) }))
  }

  jumpToLatest(): Promise<void> {
    return this.#page('around', () => this.#latest())
  }

  async loadMembers(): Promise<void> {}

  send(text: string, options: { replyTo?: number } = {}): { cid: string; stored: Promise<number> } {
    const cid = `mine-${++this.#cids}-${performance.now().toFixed(0)}`
    this.sent.push({ cid, text, ...options })
    this.#outbox.push({
      type: 'message',
      key: `${ME}/${cid}`,
      cid,
      seq: null,
      from: ME,
      text,
      at: new Date().toISOString(),
      state: 'sending',
      ...options,
    })
    this.publish()
    setTimeout(() => this.#settle(cid), this.server.ackMs)
    return { cid, stored: Promise.resolve(0) }
  }

  retry(cid: string): void {
    const item = this.#outbox.find((one) => one.cid === cid)
    if (item !== undefined) {
      const { error: _error, ...rest } = item
      this.sent.push({ cid, text: item.text })
      this.#replace(cid, { ...rest, state: 'sending' })
      setTimeout(() => this.#settle(cid), this.server.ackMs)
    }
  }

  async discard(cid: string): Promise<string | undefined> {
    const text = this.#outbox.find((one) => one.cid === cid)?.text
    this.#outbox = this.#outbox.filter((one) => one.cid !== cid)
    this.publish()
    return text
  }

  markRead(seq: number): void {
    this.reads.push(seq)
    const summary = this.summary.get()
    if (summary !== undefined && seq > summary.read) {
      this.summary.set({ ...summary, read: seq, unread: this.#unreadAfter(seq) })
    }
  }

  notifyTyping(): void {
    this.typingNotices++
  }

  /** `count` messages of somebody else arrive in one go. */
  receive(count: number, text = 'Tin mới', from = 'u_huong'): void {
    const live = this.#window !== undefined && this.#window.to === this.log.head
    for (let index = 0; index < count; index++) {
      const item = this.log.append(from, count === 1 ? text : `${text} ${index + 1}`)
      this.onLive(item)
    }
    if (live && this.#window !== undefined) {
      const to = this.log.head
      this.#window = { from: Math.max(this.#window.from, to - 2_000), to }
    }
    this.#newHead()
    this.publish()
  }

  /** Every message that waits for its answer gets it now. */
  release(): void {
    this.server.acks = 'store'
    for (const { cid } of this.#outbox) {
      this.#settle(cid)
    }
  }

  /** The stored text of `seq` changes. */
  edit(seq: number, text: string): void {
    this.log.change(seq, { text })
    this.publish()
  }

  /** An entry that no row can draw. */
  poison(seq: number): void {
    this.log.change(seq, { text: undefined as unknown as string })
    this.publish()
  }

  publish(change: Partial<Timeline> = {}): void {
    const { from, to } = this.#window ?? { from: 1, to: 0 }
    const atEnd = this.#window !== undefined && to === this.log.head
    const stored = Array.from({ length: to - from + 1 }, (_, index) => this.log.at(from + index))
    this.timeline.set({
      ...this.timeline.get(),
      items: atEnd ? [...stored, ...this.#outbox] : stored,
      hasBefore: this.#window === undefined || from > 1,
      hasAfter: this.#window !== undefined && !atEnd,
      ...change,
    })
  }

  #latest(): { from: number; to: number } {
    return { from: Math.max(1, this.log.head - PAGE + 1), to: this.log.head }
  }

  async #page(
    loading: NonNullable<Timeline['loading']>,
    move: (window: { from: number; to: number }) => { from: number; to: number },
  ): Promise<void> {
    this.pages.push(loading)
    this.maxInFlight = Math.max(this.maxInFlight, ++this.inFlight)
    this.publish({ loading, failed: null })
    await new Promise((resolve) => setTimeout(resolve, this.server.pageMs))
    this.inFlight--
    if (this.server.pages === 'fail') {
      this.publish({ loading: null, failed: loading })
      throw new Error('offline')
    }
    this.#window = move(this.#window ?? this.#latest())
    this.publish({ loading: null })
  }

  #settle(cid: string): void {
    const item = this.#outbox.find((one) => one.cid === cid)
    if (item === undefined || this.server.acks === 'hold') {
      return
    }
    if (this.server.acks === 'fail') {
      this.#replace(cid, { ...item, state: 'failed', error: this.server.failCode })
      return
    }
    const live = this.#window?.to === this.log.head
    this.#outbox = this.#outbox.filter((one) => one.cid !== cid)
    this.log.append(ME, item.text, item)
    if (live && this.#window !== undefined) {
      this.#window = { ...this.#window, to: this.log.head }
    }
    this.#newHead()
    this.publish()
  }

  #replace(cid: string, item: MessageItem): void {
    this.#outbox = this.#outbox.map((one) => (one.cid === cid ? item : one))
    this.publish()
  }

  #newHead(): void {
    const summary = this.summary.get()
    if (summary !== undefined) {
      this.summary.set({ ...summary, head: this.log.head, unread: this.#unreadAfter(summary.read) })
    }
  }

  #unreadAfter(seq: number): number {
    let count = 0
    for (let next = this.log.head; next > seq && count < 100; next--) {
      const item = this.log.at(next)
      count += item.type === 'message' && item.from !== ME ? 1 : 0
    }
    return count
  }
}

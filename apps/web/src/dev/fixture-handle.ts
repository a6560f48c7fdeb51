import type { ConversationHandle, MessageItem, SendHandle, Timeline, TimelineItem } from '@tam/client'
import { TamError } from '@tam/client'
import type { Conversation, Member } from '@tam/protocol'
import type { Clock } from '@tam/util'
import { createState, type State } from '../platform/state.ts'
import type { FixtureConversation } from './fixture-conversations.ts'
import { itemAt, messageItem, scene } from './fixture-log.ts'
import { me, person } from './fixture-people.ts'

const PAGE = 50
const WINDOW_MAX = 300
const LATENCY_MS = 180
const ACK_MS = 450

interface HandleOptions {
  readonly source: FixtureConversation
  readonly clock: Clock
  readonly online: () => boolean
  readonly members: () => readonly Member[]
}

/** A conversation of the fixture: pages a computed log, sends with a delay, fails on texts that begin with `/lỗi`. */
export class FixtureHandle implements ConversationHandle {
  readonly id: string
  readonly summary: State<Conversation | undefined>
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
  readonly #options: HandleOptions
  readonly #startedAt: number
  readonly #added: TimelineItem[] = []
  #outbox: readonly MessageItem[]
  #window: { readonly from: number; readonly to: number } | undefined

  constructor(summary: State<Conversation | undefined>, options: HandleOptions) {
    this.id = options.source.id
    this.summary = summary
    this.#options = options
    this.#startedAt = options.clock.now()
    this.#outbox = this.#withScene ? unsentScene(this.#startedAt) : []
  }

  open(): () => void {
    if (this.#window === undefined && this.timeline.get().loading === null) {
      this.#page('initial', () => this.#showLatest()).catch(() => {})
    }
    return () => {}
  }

  loadBefore(): Promise<void> {
    return this.#page('before', () => {
      if (this.#window !== undefined) {
        const from = Math.max(1, this.#window.from - PAGE)
        this.#window = { from, to: Math.min(this.#window.to, from + WINDOW_MAX - 1) }
      }
    })
  }

  loadAfter(): Promise<void> {
    return this.#page('after', () => {
      if (this.#window !== undefined) {
        const to = Math.min(this.#head, this.#window.to + PAGE)
        this.#window = { from: Math.max(this.#window.from, to - WINDOW_MAX + 1), to }
      }
    })
  }

  jumpTo(seq: number): Promise<void> {
    return this.#page('around', () => {
      this.#window = { from: Math.max(1, seq - PAGE / 2), to: Math.min(this.#head, seq + PAGE / 2) }
    })
  }

  jumpToLatest(): Promise<void> {
    return this.#page('around', () => this.#showLatest())
  }

  loadMembers(): Promise<void> {
    const members = this.#options.members()
    this.members.set(members)
    this.receipts.set(new Map(members.map(({ user, read }) => [user.id, read ?? 0])))
    return Promise.resolve()
  }

  send(text: string, { replyTo }: { replyTo?: number } = {}): SendHandle {
    const { clock, online } = this.#options
    const cid = `local-${clock.now()}-${this.#outbox.length}-${this.#added.length}`
    const item: MessageItem = {
      ...unsent(cid, text, online() ? 'sending' : 'waiting', clock.now()),
      ...(replyTo === undefined ? {} : { replyTo }),
    }
    this.#outbox = [...this.#outbox, item]
    this.#publish()
    const stored = new Promise<number>((resolve, reject) => {
      clock.after(ACK_MS, () => this.#settle(item, resolve, reject))
    })
    stored.catch(() => {})
    return { cid, stored }
  }

  retry(cid: string): void {
    const item = this.#outbox.find((one) => one.cid === cid)
    if (item !== undefined) {
      this.#replace({ ...item, state: 'sending' })
      const mended = { ...item, text: item.text.replace(/^\/lỗi/, '') }
      this.#options.clock.after(ACK_MS, () =>
        this.#settle(
          mended,
          () => {},
          () => {},
        ),
      )
    }
  }

  discard(cid: string): Promise<string | undefined> {
    const item = this.#outbox.find((one) => one.cid === cid)
    this.#outbox = this.#outbox.filter((one) => one.cid !== cid)
    this.#publish()
    return Promise.resolve(item?.text)
  }

  markRead(seq: number): void {
    const current = this.summary.get()
    if (current !== undefined && seq > current.read) {
      const unread = seq >= current.head ? 0 : Math.min(current.unread, current.head - seq)
      this.summary.set({ ...current, read: seq, unread })
    }
  }

  notifyTyping(): void {}

  /** Somebody else writes `text` now. */
  receive(from: string, text: string): void {
    const at = new Date(this.#options.clock.now()).toISOString()
    const item = messageItem({ seq: this.#head + 1, from, text, at })
    this.#append(item)
    const unread = Math.min(100, (this.summary.get()?.unread ?? 0) + 1)
    this.#summarise(item, { unread })
  }

  setTyping(usernames: readonly string[]): void {
    this.typing.set(usernames.map((username) => person(username).id))
  }

  get #withScene(): boolean {
    return this.id === 'c_kehoach'
  }

  get #head(): number {
    return this.#options.source.head + this.#added.length
  }

  #at(seq: number): TimelineItem {
    const { source } = this.#options
    const scenic = this.#withScene ? scene[seq - (source.head - scene.length) - 1] : undefined
    if (scenic !== undefined) {
      const [from, text, minutesAgo] = scenic
      const at = new Date(this.#startedAt - minutesAgo * 60_000).toISOString()
      return messageItem({ seq, from, text, at })
    }
    return this.#added[seq - source.head - 1] ?? itemAt(source, seq, this.#startedAt)
  }

  #publish(change: Partial<Timeline> = {}): void {
    if (this.#window === undefined) {
      this.timeline.set({ ...this.timeline.get(), ...change })
      return
    }
    const { from, to } = this.#window
    const stored = Array.from({ length: to - from + 1 }, (_, index) => this.#at(from + index))
    const atEnd = to === this.#head
    this.timeline.set({
      ...this.timeline.get(),
      items: atEnd ? [...stored, ...this.#outbox] : stored,
      hasBefore: from > 1,
      hasAfter: !atEnd,
      ...change,
    })
  }

  #page(loading: NonNullable<Timeline['loading']>, move: () => void): Promise<void> {
    this.#publish({ loading, failed: null })
    return new Promise((resolve, reject) => {
      this.#options.clock.after(LATENCY_MS, () => {
        if (!this.#options.online()) {
          this.#publish({ loading: null, failed: loading })
          reject(new TamError('offline', { retryable: true }))
          return
        }
        move()
        this.#publish({ loading: null })
        resolve()
      })
    })
  }

  #showLatest(): void {
    this.#window = { from: Math.max(1, this.#head - PAGE + 1), to: this.#head }
  }

  #append(item: TimelineItem): void {
    const isLive = this.#window?.to === this.#head
    this.#added.push(item)
    if (isLive && this.#window !== undefined) {
      this.#window = { from: Math.max(this.#window.from, this.#head - WINDOW_MAX), to: this.#head }
    }
    this.#publish()
  }

  #replace(item: MessageItem): void {
    this.#outbox = this.#outbox.map((one) => (one.cid === item.cid ? item : one))
    this.#publish()
  }

  #settle(item: MessageItem, resolve: (seq: number) => void, reject: (error: unknown) => void): void {
    if (!this.#options.online()) {
      return
    }
    if (item.text.startsWith('/lỗi')) {
      this.#replace({ ...item, state: 'failed', error: 'internal' })
      reject(new TamError('internal', { retryable: true }))
      return
    }
    this.#outbox = this.#outbox.filter((one) => one.cid !== item.cid)
    const stored: MessageItem = { ...item, seq: this.#head + 1, state: 'sent' }
    this.#append(stored)
    this.#summarise(stored, { read: this.#head })
    resolve(this.#head)
  }

  #summarise(item: MessageItem, change: Partial<Conversation>): void {
    const current = this.summary.get()
    if (current !== undefined) {
      const { from, cid, at, text } = item
      const seq = item.seq ?? 0
      const lastMessage = { type: 'message' as const, id: `m${seq}`, seq, from, cid, at, text }
      this.summary.set({ ...current, head: this.#head, lastMessage, ...change })
    }
  }
}

function unsent(cid: string, text: string, state: MessageItem['state'], now: number): MessageItem {
  const at = new Date(now).toISOString()
  return { type: 'message', key: `${me.id}/${cid}`, cid, seq: null, from: me.id, text, at, state }
}

function unsentScene(now: number): MessageItem[] {
  return [
    {
      ...unsent('scene-failed', 'Em gửi lại bảng giờ máy chủ mà bị rớt mạng', 'failed', now),
      error: 'internal',
    },
    unsent('scene-pending', 'Ảnh chụp log em để trong thư mục chung ạ', 'sending', now),
  ]
}

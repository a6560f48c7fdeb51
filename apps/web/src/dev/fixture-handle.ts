import type { ConversationHandle, MessageItem, Timeline, TimelineItem } from '@tam/client'
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

export interface FixtureHandle extends ConversationHandle {
  readonly summary: State<Conversation | undefined>
  /** Somebody else writes `text` now. */
  receive(from: string, text: string): void
  setTyping(usernames: readonly string[]): void
}

interface HandleOptions {
  readonly source: FixtureConversation
  readonly clock: Clock
  readonly online: () => boolean
  readonly members: () => readonly Member[]
}

/** A conversation of the fixture: pages a computed log, sends with a delay, fails on texts that begin with `/lỗi`. */
export function createFixtureHandle(
  summary: State<Conversation | undefined>,
  options: HandleOptions,
): FixtureHandle {
  const { source, clock } = options
  const now = clock.now()
  const added: TimelineItem[] = []
  const withScene = source.id === 'c_kehoach'
  const at = (seq: number): TimelineItem => {
    const scenic = withScene ? scene[seq - (source.head - scene.length) - 1] : undefined
    if (scenic !== undefined) {
      const [from, text, minutesAgo] = scenic
      return messageItem({ seq, from, text, at: new Date(now - minutesAgo * 60_000).toISOString() })
    }
    return added[seq - source.head - 1] ?? itemAt(source, seq, now)
  }
  const head = () => source.head + added.length
  const timeline = createState<Timeline>({
    items: [],
    hasBefore: true,
    hasAfter: false,
    loading: null,
    failed: null,
  })
  const typing = createState<readonly string[]>([])
  const members = createState<readonly Member[] | undefined>(undefined)
  const receipts = createState<ReadonlyMap<string, number>>(new Map())
  let outbox: MessageItem[] = withScene ? unsentScene(now) : []
  let window: { from: number; to: number } | undefined

  const publish = (change: Partial<Timeline> = {}) => {
    if (window === undefined) {
      timeline.set({ ...timeline.get(), ...change })
      return
    }
    const { from, to } = window
    const stored = Array.from({ length: to - from + 1 }, (_, index) => at(from + index))
    const atEnd = to === head()
    timeline.set({
      ...timeline.get(),
      items: atEnd ? [...stored, ...outbox] : stored,
      hasBefore: from > 1,
      hasAfter: !atEnd,
      ...change,
    })
  }
  const page = (loading: NonNullable<Timeline['loading']>, move: () => void): Promise<void> => {
    publish({ loading, failed: null })
    return new Promise((resolve, reject) => {
      clock.after(LATENCY_MS, () => {
        if (!options.online()) {
          publish({ loading: null, failed: loading })
          reject(new TamError('offline', { retryable: true }))
          return
        }
        move()
        publish({ loading: null })
        resolve()
      })
    })
  }
  const latest = () => {
    window = { from: Math.max(1, head() - PAGE + 1), to: head() }
  }
  const append = (item: TimelineItem) => {
    const live = window?.to === head()
    added.push(item)
    if (live && window !== undefined) {
      window = { from: Math.max(window.from, head() - WINDOW_MAX), to: head() }
    }
    publish()
  }

  const handle: FixtureHandle = {
    id: source.id,
    summary,
    timeline,
    typing,
    members,
    receipts,
    open() {
      if (window === undefined && timeline.get().loading === null) {
        page('initial', latest).catch(() => {})
      }
      return () => {}
    },
    loadBefore: () =>
      page('before', () => {
        if (window !== undefined) {
          const from = Math.max(1, window.from - PAGE)
          window = { from, to: Math.min(window.to, from + WINDOW_MAX - 1) }
        }
      }),
    loadAfter: () =>
      page('after', () => {
        if (window !== undefined) {
          const to = Math.min(head(), window.to + PAGE)
          window = { from: Math.max(window.from, to - WINDOW_MAX + 1), to }
        }
      }),
    jumpTo: (seq) =>
      page('around', () => {
        window = { from: Math.max(1, seq - PAGE / 2), to: Math.min(head(), seq + PAGE / 2) }
      }),
    jumpToLatest: () => page('around', latest),
    async loadMembers() {
      members.set(options.members())
      receipts.set(new Map(options.members().map(({ user, read }) => [user.id, read ?? 0])))
    },
    send(text, { replyTo } = {}) {
      const cid = `local-${clock.now()}-${outbox.length}-${added.length}`
      const item: MessageItem = {
        type: 'message',
        key: `${me.id}/${cid}`,
        cid,
        seq: null,
        from: me.id,
        text,
        at: new Date(clock.now()).toISOString(),
        state: options.online() ? 'sending' : 'waiting',
        ...(replyTo === undefined ? {} : { replyTo }),
      }
      outbox = [...outbox, item]
      publish()
      const stored = new Promise<number>((resolve, reject) => {
        clock.after(ACK_MS, () => settle(item, resolve, reject))
      })
      stored.catch(() => {})
      return { cid, stored }
    },
    retry(cid) {
      const item = outbox.find((one) => one.cid === cid)
      if (item !== undefined) {
        replace(cid, { ...item, state: 'sending' })
        clock.after(ACK_MS, () =>
          settle(
            { ...item, text: item.text.replace(/^\/lỗi/, '') },
            () => {},
            () => {},
          ),
        )
      }
    },
    async discard(cid) {
      const item = outbox.find((one) => one.cid === cid)
      outbox = outbox.filter((one) => one.cid !== cid)
      publish()
      return item?.text
    },
    markRead(seq) {
      const current = summary.get()
      if (current !== undefined && seq > current.read) {
        summary.set({
          ...current,
          read: seq,
          unread: seq >= current.head ? 0 : Math.min(current.unread, current.head - seq),
        })
      }
    },
    notifyTyping() {},
    receive(from, text) {
      append(messageItem({ seq: head() + 1, from, text, at: new Date(clock.now()).toISOString() }))
      const current = summary.get()
      if (current !== undefined) {
        const lastMessage = {
          type: 'message' as const,
          seq: head(),
          id: `m${head()}`,
          from: person(from).id,
          cid: `fixture-${head()}`,
          at: new Date(clock.now()).toISOString(),
          text,
        }
        summary.set({ ...current, head: head(), unread: Math.min(100, current.unread + 1), lastMessage })
      }
    },
    setTyping: (usernames) => typing.set(usernames.map((username) => person(username).id)),
  }

  function replace(cid: string, item: MessageItem): void {
    outbox = outbox.map((one) => (one.cid === cid ? item : one))
    publish()
  }
  function settle(item: MessageItem, resolve: (seq: number) => void, reject: (error: unknown) => void): void {
    if (!options.online()) {
      return
    }
    if (item.text.startsWith('/lỗi')) {
      replace(item.cid, { ...item, state: 'failed', error: 'internal' })
      reject(new TamError('internal', { retryable: true }))
      return
    }
    outbox = outbox.filter((one) => one.cid !== item.cid)
    const seq = head() + 1
    append({ ...item, seq, state: 'sent' })
    const current = summary.get()
    if (current !== undefined) {
      summary.set({
        ...current,
        head: seq,
        read: seq,
        lastMessage: {
          type: 'message',
          seq,
          id: `m${seq}`,
          from: me.id,
          cid: item.cid,
          at: item.at,
          text: item.text,
        },
      })
    }
    resolve(seq)
  }
  return handle
}

function unsentScene(now: number): MessageItem[] {
  const item = (cid: string, text: string, state: MessageItem['state']): MessageItem => ({
    type: 'message',
    key: `${me.id}/${cid}`,
    cid,
    seq: null,
    from: me.id,
    text,
    at: new Date(now).toISOString(),
    state,
    ...(state === 'failed' ? { error: 'internal' } : {}),
  })
  return [
    item('scene-failed', 'Em gửi lại bảng giờ máy chủ mà bị rớt mạng', 'failed'),
    item('scene-pending', 'Ảnh chụp log em để trong thư mục chung ạ', 'sending'),
  ]
}

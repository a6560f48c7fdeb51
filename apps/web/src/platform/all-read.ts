import type { Readable } from '@tam/client'
import type { Conversation } from '@tam/protocol'
import { UNREAD_EXACT_MAX } from '@tam/protocol/limits'
import type { Cancel, Clock } from '@tam/util'
import { createState } from './state.ts'

/** Marking everything as read can be taken back for this long. */
export const UNDO_MS = 10_000

/** What was unread in a conversation when everything was marked as read. */
interface Held {
  readonly head: number
  readonly unread: number
}

interface AllReadOptions {
  readonly conversations: Readable<readonly Conversation[] | undefined>
  readonly markRead: (conversation: string, seq: number) => void
  readonly clock: Clock
}

/**
 * The list of conversations, in which everything can be marked as read and that be taken back: read positions never
 * move back on the server, so until the time for second thoughts is over only what is shown changes.
 */
export class AllRead implements Readable<readonly Conversation[] | undefined> {
  #options: AllReadOptions
  #held = createState<ReadonlyMap<string, Held>>(new Map())
  #cancel: Cancel | undefined
  /** True while what was marked can still be taken back. */
  readonly undoable: Readable<boolean> = {
    get: () => this.#held.get().size > 0,
    subscribe: (listener) => this.#held.subscribe(listener),
  }
  #shown: {
    readonly from: readonly Conversation[] | undefined
    readonly held: ReadonlyMap<string, Held>
    readonly list: readonly Conversation[] | undefined
  } = { from: undefined, held: new Map(), list: undefined }

  constructor(options: AllReadOptions) {
    this.#options = options
  }

  get(): readonly Conversation[] | undefined {
    const from = this.#options.conversations.get()
    const held = this.#held.get()
    if (this.#shown.from !== from || this.#shown.held !== held) {
      this.#shown = { from, held, list: held.size === 0 ? from : from?.map((one) => withHeld(one, held)) }
    }
    return this.#shown.list
  }

  subscribe(listener: () => void): () => void {
    const stops = [this.#options.conversations.subscribe(listener), this.#held.subscribe(listener)]
    return () => stops.forEach((stop) => stop())
  }

  /** Shows everything as read. Returns how many conversations had something unread. */
  mark(): number {
    this.commit()
    const unread = (this.#options.conversations.get() ?? []).filter((one) => one.unread > 0)
    if (unread.length > 0) {
      this.#held.set(new Map(unread.map((one) => [one.id, { head: one.head, unread: one.unread }])))
      this.#cancel = this.#options.clock.after(UNDO_MS, () => this.commit())
    }
    return unread.length
  }

  undo(): void {
    this.#cancel?.()
    this.#held.set(new Map())
  }

  /** Too late for second thoughts. */
  commit(): void {
    const held = this.#held.get()
    this.#cancel?.()
    if (held.size === 0) {
      return
    }
    for (const [conversation, { head }] of held) {
      this.#options.markRead(conversation, head)
    }
    this.#held.set(new Map())
  }
}

function withHeld(conversation: Conversation, held: ReadonlyMap<string, Held>): Conversation {
  const before = held.get(conversation.id)
  if (before === undefined) {
    return conversation
  }
  const { unread } = conversation
  // Beyond what is counted exactly nothing can be subtracted: only something new shows again.
  const isUncounted = unread > UNREAD_EXACT_MAX && conversation.head > before.head
  return { ...conversation, unread: isUncounted ? unread : Math.max(0, unread - before.unread) }
}

/**
 * There are no second thoughts once the page is hidden or left: it may not live to see the time to undo over. Before
 * anybody else hears of it, so that the read positions still leave with the page. Until the result is called.
 */
export function commitWhenLeaving(allRead: AllRead, window: Window): () => void {
  const stop = new AbortController()
  const options = { capture: true, signal: stop.signal }
  window.addEventListener('pagehide', () => allRead.commit(), options)
  window.addEventListener(
    'visibilitychange',
    () => window.document.visibilityState === 'hidden' && allRead.commit(),
    options,
  )
  return () => {
    stop.abort()
    allRead.commit()
  }
}

import { unreachable } from '@tam/util'
import type { Timeline, TimelineItem } from '../api.ts'
import { TamError } from '../errors.ts'
import { PAGE_DEFAULT } from '@tam/protocol/limits'
import type { OutboxItem } from '../outbox/outbox-item.ts'
import type { Page, Position } from '../sync/history.ts'
import type { LogChange } from '../sync/logs.ts'
import type { ConversationState } from '../sync/state.ts'
import { entryItem, outboxItem } from './items.ts'
import { Derived, type Notifier } from './observable.ts'
import { append, extendAfter, extendBefore, latest, place, type Window } from './window.ts'

type Direction = NonNullable<Timeline['loading']>

export interface TimelineDependencies {
  readonly notifier: Notifier
  readonly me: () => string
  readonly state: () => ConversationState | undefined
  readonly history: (position: Position) => Promise<Page>
  readonly unsent: () => readonly OutboxItem[]
  /** An older page was put before a live window: the cache wants it too. */
  readonly onOlder: (page: Page) => void
}

/** The window of one conversation on screen, and what is loaded into it. */
export class TimelineStore {
  readonly timeline: Derived<Timeline>
  readonly #deps: TimelineDependencies
  /** Absent while nobody looks: then the newest entries at hand are shown. */
  #window: Window | undefined
  readonly #running = new Map<Direction, Promise<void>>()
  #failed: Direction | null = null
  #openers = 0
  /** Grows whenever pages under way would no longer fit. */
  #life = 0

  constructor(dependencies: TimelineDependencies) {
    this.#deps = dependencies
    this.timeline = new Derived(dependencies.notifier, () => this.#compute())
  }

  get opened(): boolean {
    return this.#openers > 0
  }

  open(): () => void {
    this.#openers++
    this.fill()
    let closed = false
    return () => {
      this.#openers -= closed ? 0 : 1
      closed = true
    }
  }

  /** Loads the newest page when somebody looks and less than a page is there. */
  fill(): void {
    const state = this.#deps.state()
    if (!this.opened || state === undefined) {
      return
    }
    this.#window ??= latest(state)
    const { entries, live } = this.#window
    const first = entries[0]?.seq ?? state.cursor + 1
    if (live && entries.length < PAGE_DEFAULT && first > 1) {
      this.#load('initial', { before: first }, (page) => this.#putBefore(page)).catch(() => undefined)
    }
  }

  /** Gives the window up; the newest entries at hand remain. */
  evict(): void {
    this.#restart()
  }

  loadBefore(): Promise<void> {
    const first = this.#current().entries[0]?.seq
    if (first === undefined || first <= 1) {
      return Promise.resolve()
    }
    return this.#load('before', { before: first }, (page) => this.#putBefore(page))
  }

  loadAfter(): Promise<void> {
    const { entries, live } = this.#current()
    const last = entries.at(-1)?.seq
    if (live || last === undefined) {
      return Promise.resolve()
    }
    return this.#load('after', { after: last }, (page, state) => {
      this.#window = extendAfter(this.#current(), page.entries, state)
    })
  }

  jumpTo(seq: number): Promise<void> {
    if (this.#current().entries.some((entry) => entry.seq === seq)) {
      return Promise.resolve()
    }
    this.#abandon()
    return this.#load('around', { around: seq }, (page, state) => {
      this.#window = place(page.entries, state)
    })
  }

  async jumpToLatest(): Promise<void> {
    if (!this.#current().live) {
      this.#restart()
      this.fill()
    }
    await this.#running.get('initial')
  }

  onLog(change: LogChange): void {
    switch (change.type) {
      case 'applied':
        if (this.#window !== undefined) {
          this.#window = append(this.#window, change.entries)
        }
        break
      case 'changed':
        if (this.#window === undefined) {
          this.fill()
        }
        break
      case 'restarted':
      case 'removed':
      case 'all':
        this.#restart()
        this.fill()
        break
      case 'listed':
        this.fill()
        break
      default:
        unreachable(change)
    }
    this.timeline.invalidate()
  }

  #putBefore(page: Page): void {
    const window = this.#current()
    const state = this.#deps.state()
    if (window.entries.length === 0 && state !== undefined) {
      this.#window = place(page.entries, state)
    } else {
      this.#window = extendBefore(window, page.entries)
    }
    if (this.#window.live) {
      this.#deps.onOlder(page)
    }
  }

  #load(
    direction: Direction,
    position: Position,
    use: (page: Page, state: ConversationState) => void,
  ): Promise<void> {
    const running = this.#running.get(direction)
    if (running !== undefined) {
      return running
    }
    const life = this.#life
    const promise = this.#deps.history(position).then(
      (page) => this.#finish(life, direction, null, () => this.#use(page, use)),
      (error: unknown) => {
        this.#finish(life, direction, direction, () => undefined)
        throw error
      },
    )
    this.#running.set(direction, promise)
    this.#failed = null
    this.timeline.invalidate()
    return promise
  }

  #use(page: Page, use: (page: Page, state: ConversationState) => void): void {
    const state = this.#deps.state()
    if (state === undefined) {
      throw new TamError('not_found')
    }
    use(page, state)
  }

  /** A page that was overtaken by a jump or a resync is dropped without a word. */
  #finish(life: number, direction: Direction, failed: Direction | null, use: () => void): void {
    if (life === this.#life) {
      this.#running.delete(direction)
      this.#failed = failed
      use()
      this.timeline.invalidate()
    }
  }

  #abandon(): void {
    this.#life++
    this.#running.clear()
    this.#failed = null
  }

  #restart(): void {
    this.#abandon()
    this.#window = undefined
    this.timeline.invalidate()
  }

  #current(): Window {
    return this.#window ?? latest(this.#deps.state())
  }

  #compute(): Timeline {
    const { entries, live } = this.#current()
    const first = entries[0]?.seq ?? (this.#deps.state()?.cursor ?? 0) + 1
    return {
      items: [...this.#storedItems(entries), ...(live ? this.#unsentItems(entries) : [])],
      hasBefore: first > 1,
      hasAfter: !live,
      loading: [...this.#running.keys()].at(-1) ?? null,
      failed: this.#failed,
    }
  }

  #storedItems(entries: Window['entries']): TimelineItem[] {
    return entries.map(entryItem).filter((item) => item !== null)
  }

  /** What waits in the outbox, but for messages that a page of history brought already. */
  #unsentItems(entries: Window['entries']): TimelineItem[] {
    const unsent = this.#deps.unsent()
    if (unsent.length === 0) {
      return []
    }
    const me = this.#deps.me()
    const own = new Set(entries.flatMap((entry) => (entry.from === me ? [entry.cid] : [])))
    return unsent.filter(({ record }) => !own.has(record.cid)).map((item) => outboxItem(item, me))
  }
}

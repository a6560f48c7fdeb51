import type { OnlineCount, Presence } from '@tam/protocol'
import { RECHECK_MS, RECHECK_STRANGERS_MS } from './limits.ts'
import { type Belief, toPresence, unknown, type Viewer, WAITING } from './belief.ts'

/** A person whom somebody here has on screen and may see. */
export class Watched<W> {
  readonly id: string
  readonly watches = new Set<Watch<W>>()
  belief: Belief = WAITING
  /** Monotonic milliseconds. */
  askedAt = -Infinity
  /** When it was last answered; at first, when it was first asked. */
  confirmedAt: number

  constructor(id: string, now: number) {
    this.id = id
    this.confirmedAt = now
  }
}

/** What one client has on screen. */
export interface Screen {
  readonly people: readonly string[]
  /** Those of them it may see. */
  readonly visible: ReadonlySet<string>
  /** Conversations whose online members it wants counted. */
  readonly convs: readonly string[]
}

export const EMPTY_SCREEN: Screen = { people: [], visible: new Set(), convs: [] }

/** One client's watch: what it sees, and what it has yet to be told. */
export class Watch<W> {
  readonly watcher: W
  readonly viewer: Viewer
  screen: Screen = EMPTY_SCREEN
  readonly changed = new Set<Watched<W>>()
  /** People it may not see any more: they are not left on the screen as they were. */
  readonly lost = new Set<string>()
  /** What it has to be told of counts, and what it was told. */
  readonly counts = new Map<string, OnlineCount>()
  readonly counted = new Map<string, number>()
  /** Monotonic milliseconds. */
  sentAt = -Infinity
  checkedAt: number
  /** Of several lookups of whom it may see, the last one counts. */
  lookups = 0
  /** It may see fewer people since, and is told nothing until it is known whom. */
  isHeld = false

  constructor(watcher: W, viewer: Viewer, now: number) {
    this.watcher = watcher
    this.viewer = viewer
    this.checkedAt = now
  }

  /** Strangers may become acquainted any moment; who is acquainted stays so, as a rule. */
  get recheckMs(): number {
    const { people, visible } = this.screen
    return people.length > visible.size ? RECHECK_STRANGERS_MS : RECHECK_MS
  }

  get isPending(): boolean {
    return this.changed.size + this.lost.size + this.counts.size > 0
  }

  /** Everybody the next frame is about; undefined while it has to wait for first answers. */
  users(now: number): readonly Presence[] | undefined {
    const users = [...this.lost].map((id) => unknown(id, now))
    for (const { id, belief } of this.changed) {
      const presence = toPresence(id, belief, this.viewer, now)
      if (presence === undefined) {
        return undefined
      }
      users.push(presence)
    }
    return users
  }

  /** Nothing is counted there for it any more. */
  leave(convs: readonly string[]): void {
    for (const conv of convs) {
      this.counts.delete(conv)
      this.counted.delete(conv)
    }
  }

  told(monotonic: number): void {
    this.sentAt = monotonic
    this.changed.clear()
    this.lost.clear()
    for (const [id, { online }] of this.counts) {
      this.counted.set(id, online)
    }
    this.counts.clear()
  }
}

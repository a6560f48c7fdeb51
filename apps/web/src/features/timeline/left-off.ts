import type { Readable } from '@tam/client'
import type { OpenAt } from '../../platform/preferences.ts'
import { firstUnreadAt, type Target } from './starting-point.ts'
import type { UnreadWatch } from './unread-watch.ts'

/** For people who go on reading where they left off: which message to open at, even when it turns up late. */
export class LeftOff {
  #unread: UnreadWatch
  #openAt: Readable<OpenAt>
  #expected: Target | undefined
  /** Nobody has gone anywhere since the conversation opened at its end. */
  #untouched = false

  constructor(unread: UnreadWatch, openAt: Readable<OpenAt>) {
    this.#unread = unread
    this.#openAt = openAt
  }

  /** Where to open instead of at the end; undefined when nothing is unread, or the person wants the newest. */
  get target(): Target | undefined {
    const { line } = this.#unread
    return line === null || this.#openAt.get() !== 'left-off' ? undefined : firstUnreadAt(line)
  }

  /** The conversation opened at its end. */
  onOpenedAtEnd(): void {
    this.#untouched = true
  }

  /** The view went somewhere: it is not moved any more. */
  onMoved(): void {
    this.#untouched = false
  }

  /** What was missed while away becomes known only when the connection is back. */
  onUnread(): void {
    if (this.#untouched && !this.#unread.caughtUp) {
      this.#expected = this.target
    }
  }

  /** The place to go on reading, once messages up to `newest` are there. */
  due(newest: number): Target | undefined {
    const expected = this.#untouched ? this.#expected : undefined
    return expected !== undefined && newest >= expected.seq ? expected : undefined
  }
}

import type { Cancel, Clock } from '@tam/util'

/** Milliseconds between two announcements at least. */
export const ANNOUNCE_GAP_MS = 1_000

export interface Announcer {
  /** Says `text` now, or within a second together with what else comes. */
  push(text: string): void
  stop(): void
}

/**
 * Turns arrivals into at most one announcement a second: the first at once, what came meanwhile as the one text
 * or as a count.
 */
export function createAnnouncer(
  clock: Clock,
  say: (text: string) => void,
  count: (messages: number) => string,
): Announcer {
  let waiting: string[] = []
  let cancel: Cancel | undefined
  const emit = (): void => {
    const [only] = waiting
    const text = waiting.length === 1 && only !== undefined ? only : count(waiting.length)
    waiting = []
    cancel = clock.after(ANNOUNCE_GAP_MS, () => {
      cancel = undefined
      if (waiting.length > 0) {
        emit()
      }
    })
    say(text)
  }
  return {
    push(text) {
      waiting.push(text)
      if (cancel === undefined) {
        emit()
      }
    },
    stop() {
      cancel?.()
      cancel = undefined
      waiting = []
    },
  }
}

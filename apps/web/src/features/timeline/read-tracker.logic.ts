import type { Cancel, Clock } from '@tam/util'

/** How long half of a row must be on a visible, focused screen to count as read. */
export const READ_AFTER_MS = 500

export interface ReadTracker {
  /** A stored row came into view by at least half, or left it. */
  setVisible(seq: number, visible: boolean): void
  /** The page is visible and focused. */
  setActive(active: boolean): void
  stop(): void
}

/** Moves the read position to the newest row that was looked at for long enough. Never back. */
export function createReadTracker(clock: Clock, markRead: (seq: number) => void): ReadTracker {
  const since = new Map<number, number>()
  let active = false
  let marked = 0
  let cancel: Cancel | undefined

  const check = (): void => {
    cancel?.()
    cancel = undefined
    if (!active) {
      return
    }
    const now = clock.monotonic()
    let read = 0
    let nextAt = Infinity
    for (const [seq, from] of since) {
      if (seq <= marked) {
        continue
      }
      if (now - from >= READ_AFTER_MS) {
        read = Math.max(read, seq)
      } else {
        nextAt = Math.min(nextAt, from + READ_AFTER_MS)
      }
    }
    if (read > marked) {
      marked = read
      markRead(read)
    }
    if (nextAt < Infinity) {
      cancel = clock.after(nextAt - now, check)
    }
  }

  return {
    setVisible(seq, visible) {
      if (!visible) {
        since.delete(seq)
      } else if (!since.has(seq)) {
        since.set(seq, clock.monotonic())
        if (cancel === undefined) {
          check()
        }
      }
    },
    setActive(value) {
      if (value === active) {
        return
      }
      active = value
      // Time on a hidden or unfocused screen does not count.
      const now = clock.monotonic()
      for (const seq of since.keys()) {
        since.set(seq, now)
      }
      check()
    },
    stop() {
      cancel?.()
      since.clear()
    },
  }
}

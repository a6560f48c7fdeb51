import type { Cancel, Clock } from '@tam/util'

/** A hidden page gets no frames; changes are then taken over this often. */
export const HIDDEN_FRAME_MS = 250

/** Calls `fn` once, before the next paint. */
export type NextFrame = (fn: () => void) => Cancel

export function createNextFrame(window: Window, clock: Clock): NextFrame {
  return (fn) => {
    if (window.document.visibilityState === 'hidden') {
      return clock.after(HIDDEN_FRAME_MS, fn)
    }
    const id = window.requestAnimationFrame(fn)
    return () => window.cancelAnimationFrame(id)
  }
}

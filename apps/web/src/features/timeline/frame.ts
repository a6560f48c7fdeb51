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

/**
 * Runs `work` at the first request of a frame, at once, and once more in the next frame for all that came meanwhile:
 * the SDK already speaks once per frame, and waiting for another would show an own message one frame late.
 */
export class FrameGate {
  #nextFrame: NextFrame
  #work: () => void
  #wanted = false
  #cancel: Cancel | undefined

  constructor(nextFrame: NextFrame, work: () => void) {
    this.#nextFrame = nextFrame
    this.#work = work
  }

  request(): void {
    if (this.#cancel !== undefined) {
      this.#wanted = true
      return
    }
    this.#cancel = this.#nextFrame(() => {
      this.#cancel = undefined
      if (this.#wanted) {
        this.#wanted = false
        this.request()
      }
    })
    this.#work()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#wanted = false
  }
}

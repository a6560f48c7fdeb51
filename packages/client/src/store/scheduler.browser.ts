import { systemClock } from '@tam/util'
import type { Scheduler } from './observable.ts'

/** Milliseconds between flushes in a page nobody sees, where no animation frames come. */
const HIDDEN_MS = 100

/** Listeners run with the next animation frame, so that a burst of messages costs one paint. */
export const frameScheduler: Scheduler = {
  schedule(flush) {
    let done = false
    const once = () => {
      if (!done) {
        done = true
        flush()
      }
    }
    if (document.visibilityState === 'visible') {
      requestAnimationFrame(once)
    }
    // Also while visible: a page that is being hidden loses the frame it asked for.
    systemClock.after(HIDDEN_MS, once)
  },
}

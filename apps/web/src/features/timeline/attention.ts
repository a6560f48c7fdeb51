import type { Readable } from '@tam/client'

/** True while this page is visible and its window has the focus: only then is anything read or announced. */
export function createAttention(window: Window): Readable<boolean> {
  const { document } = window
  return {
    get: () => document.visibilityState === 'visible' && document.hasFocus(),
    subscribe(listener) {
      const controller = new AbortController()
      const options = { signal: controller.signal }
      window.addEventListener('focus', listener, options)
      window.addEventListener('blur', listener, options)
      document.addEventListener('visibilitychange', listener, options)
      return () => controller.abort()
    },
  }
}

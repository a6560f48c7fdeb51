import type { Environment, EnvironmentChange } from './environment.ts'

export const browserEnvironment: Environment = {
  online: () => navigator.onLine,
  visible: () => document.visibilityState === 'visible',
  onChange(listener) {
    const stop = new AbortController()
    const tell = (target: EventTarget, event: string, change: () => EnvironmentChange) =>
      target.addEventListener(event, () => listener(change()), { signal: stop.signal })
    tell(globalThis, 'online', () => 'online')
    tell(globalThis, 'offline', () => 'offline')
    // A page restored from the back-forward cache has lost its socket without a close event.
    tell(globalThis, 'pageshow', () => 'visible')
    // Told before the document says that it is hidden, while a frame still leaves.
    tell(globalThis, 'pagehide', () => 'hidden')
    tell(document, 'visibilitychange', () => (document.visibilityState === 'visible' ? 'visible' : 'hidden'))
    return () => stop.abort()
  },
}

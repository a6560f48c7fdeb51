import { useSyncExternalStore } from 'react'

/** One pane at a time: the width below which the design is a phone's. */
const NARROW = '(width < 40rem)'

/** True while the window shows one pane. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(NARROW).matches)
}

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(NARROW)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

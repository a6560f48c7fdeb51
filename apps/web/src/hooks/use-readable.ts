import type { Readable } from '@tam/client'
import { useCallback, useSyncExternalStore } from 'react'

/** Renders with the current value and again after each change. */
export function useReadable<T>(readable: Readable<T>): T {
  const subscribe = useCallback((listener: () => void) => readable.subscribe(listener), [readable])
  return useSyncExternalStore(subscribe, () => readable.get())
}

import type { Presence } from '@tam/protocol'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { useClient } from './use-client.tsx'

/** A person's status as far as known; renders anew only when it changes. Someone else must be watching: see `useWatch`. */
export function usePresence(id: string | null): Presence['status'] | undefined {
  const { states } = useClient().presence
  const subscribe = useCallback((listener: () => void) => states.subscribe(listener), [states])
  return useSyncExternalStore(subscribe, () => (id === null ? undefined : states.get().get(id)?.status))
}

/** Watches one person's presence while shown. */
export function useWatch(id: string | null): void {
  const { presence } = useClient()
  useEffect(() => (id === null ? undefined : presence.watch([id])), [presence, id])
}

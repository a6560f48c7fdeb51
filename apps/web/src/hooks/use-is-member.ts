import type { ConversationHandle } from '@tam/client'
import { useCallback, useSyncExternalStore } from 'react'
import { useClient } from './use-client.tsx'

/** False once the list is known and this conversation is not in it. */
export function useIsMember(handle: ConversationHandle): boolean {
  const { conversations } = useClient()
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = [handle.summary.subscribe(listener), conversations.subscribe(listener)]
      return () => stops.forEach((stop) => stop())
    },
    [handle, conversations],
  )
  return useSyncExternalStore(
    subscribe,
    () => handle.summary.get() !== undefined || conversations.get() === undefined,
  )
}

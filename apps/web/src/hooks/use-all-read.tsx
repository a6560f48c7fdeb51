import type { Conversation } from '@tam/protocol'
import { createContext, use, useEffect, useState } from 'react'
import { AllRead, commitWhenLeaving } from '../platform/all-read.ts'
import { useClient } from './use-client.tsx'
import { useClock } from './use-platform.tsx'
import { useReadable } from './use-readable.ts'

export const AllReadContext = createContext<AllRead | undefined>(undefined)

export function useAllRead(): AllRead {
  const allRead = use(AllReadContext)
  if (allRead === undefined) {
    throw new Error('useAllRead needs an AllReadContext above it')
  }
  return allRead
}

/** One's conversations as they are shown, newest activity first; undefined until known. */
export function useConversations(): readonly Conversation[] | undefined {
  return useReadable(useAllRead())
}

/** Lives as long as the signed-in application. */
export function useNewAllRead(): AllRead {
  const client = useClient()
  const clock = useClock()
  const [allRead] = useState(
    () =>
      new AllRead({
        conversations: client.conversations,
        markRead: (id, seq) => client.conversation(id).markRead(seq),
        clock,
      }),
  )
  useEffect(() => commitWhenLeaving(allRead, window), [allRead])
  return allRead
}

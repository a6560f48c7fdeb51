import type { Conversation } from '@tam/protocol'
import { useMemo } from 'react'
import { useClient } from './use-client.tsx'
import { usePlatform } from './use-platform.tsx'
import { useReadable } from './use-readable.ts'

/** A conversation one is no longer in, of which this device still has something that was written and not sent. */
export interface LeftBehind {
  readonly id: string
  /** As it was called last; undefined when that is not known any more. */
  readonly conversation: Conversation | undefined
  /** A message waits or was refused; otherwise there is a draft only. */
  readonly hasUnsent: boolean
}

const NONE: readonly LeftBehind[] = []

/** What would be nowhere on screen otherwise: those who were removed while they wrote find their words here. */
export function useLeftBehind(): readonly LeftBehind[] {
  const client = useClient()
  const listed = useReadable(client.conversations)
  const former = useReadable(client.former)
  const unsent = useReadable(client.unsent)
  const drafts = useReadable(usePlatform().drafts.written)
  return useMemo(() => {
    if (listed === undefined || (unsent.length === 0 && drafts.size === 0)) {
      return NONE
    }
    const present = new Set(listed.map(({ id }) => id))
    const left = [...new Set([...unsent, ...drafts])].filter((id) => !present.has(id))
    return left.map((id) => ({
      id,
      conversation: former.find((one) => one.id === id),
      hasUnsent: unsent.includes(id),
    }))
  }, [listed, former, unsent, drafts])
}

import type { User } from '@tam/protocol'
import { useMemo } from 'react'
import { useClient, useUsersVersion } from '../../hooks/use-client.tsx'
import { useReadable } from '../../hooks/use-readable.ts'

/** Enough to be of use before anything is typed. */
const KNOWN_MAX = 20

/** The people one writes to directly, last activity first. */
export function useKnownPeople(): readonly User[] {
  const { conversations, users } = useClient()
  const list = useReadable(conversations)
  const version = useUsersVersion()
  return useMemo(() => {
    const peers = (list ?? []).flatMap(({ peer }) => (peer === null ? [] : [peer]))
    return peers.slice(0, KNOWN_MAX).flatMap((peer) => users.get(peer) ?? [])
    // oxlint-disable-next-line react-hooks/exhaustive-deps, react/memo-dependencies -- the version stands for everything `users` answers
  }, [list, users, version])
}

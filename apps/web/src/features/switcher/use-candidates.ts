import type { User } from '@tam/protocol'
import { useMemo } from 'react'
import { useConversations } from '../../hooks/use-all-read.tsx'
import { useClient, useMe, useUsersVersion } from '../../hooks/use-client.tsx'
import { prepare, rank, type Candidate } from './rank.logic.ts'

/** Rows shown for a query, and before one. */
const RESULTS_MAX = 30
const RECENT_MAX = 12

export type Destination =
  | (Candidate & { readonly kind: 'channel' | 'group'; readonly unread: number; readonly isPublic: boolean })
  | (Candidate & {
      readonly kind: 'direct'
      readonly unread: number
      readonly peer: string
      readonly avatar: string | null
    })
  | (Candidate & { readonly kind: 'person'; readonly avatar: string | null })

/** Where `query` may lead: one's conversations, then `people` of the server without a conversation yet. */
export function useCandidates(query: string, people: readonly User[]): readonly Destination[] {
  const own = useOwnDestinations()
  const me = useMe()
  const prepared = useMemo(() => own.map(prepare), [own])
  return useMemo(() => {
    if (query.trim() === '') {
      return [...own.filter(isUnread), ...own.filter((one) => !isUnread(one))].slice(0, RECENT_MAX)
    }
    const known = new Set(own.flatMap((one) => (one.kind === 'direct' ? [one.peer] : [])))
    const others = people
      .filter(({ id }) => id !== me.id && !known.has(id))
      .map(({ id, name, username, avatar }): Destination => ({
        kind: 'person',
        id,
        name,
        alias: username,
        avatar,
      }))
    return rank(query, [...prepared, ...others.map(prepare)], RESULTS_MAX)
  }, [me.id, own, people, prepared, query])
}

function isUnread(destination: Destination): boolean {
  return destination.kind !== 'person' && destination.unread > 0
}

function useOwnDestinations(): readonly Destination[] {
  const { users } = useClient()
  const list = useConversations()
  const version = useUsersVersion()
  return useMemo(() => {
    return (list ?? []).flatMap(({ id, kind, title, peer, unread, public: isPublic }): Destination[] => {
      if (kind !== 'direct') {
        return [{ kind, id, name: title ?? '', unread, isPublic }]
      }
      const user = peer === null ? undefined : users.get(peer)
      return user === undefined
        ? []
        : [{ kind, id, name: user.name, alias: user.username, unread, peer: user.id, avatar: user.avatar }]
    })
    // oxlint-disable-next-line react-hooks/exhaustive-deps, react/memo-dependencies -- the version stands for everything `users` answers
  }, [list, users, version])
}

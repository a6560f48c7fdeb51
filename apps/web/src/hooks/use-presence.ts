import type { Conversation, OnlineCount, Presence } from '@tam/protocol'
import { WATCH_PEOPLE_MEMBERS_MAX } from '@tam/protocol/limits'
import { useCallback, useEffect, useSyncExternalStore } from 'react'
import { presenceText } from '../features/people/presence.logic.ts'
import { commonText } from '../i18n/common.ts'
import { useFormats, useT } from '../i18n/locale.tsx'
import { useClient } from './use-client.tsx'
import { useNow } from './use-now.ts'

/** Ages are written in minutes. */
const AGE_REFRESH_MS = 30_000

/** A person's status as far as known; renders anew only when it changes. Someone else must be watching: see `useWatch`. */
export function usePresence(id: string | null): Presence['status'] | undefined {
  const { states } = useClient().presence
  const subscribe = useCallback((listener: () => void) => states.subscribe(listener), [states])
  return useSyncExternalStore(subscribe, () => (id === null ? undefined : states.get().get(id)?.status))
}

/** Like `usePresence`, in words and with its age; `conv` is where it is shown. */
export function usePresenceText(id: string | null, conv?: string): string | undefined {
  const { states } = useClient().presence
  const subscribe = useCallback((listener: () => void) => states.subscribe(listener), [states])
  const presence = useSyncExternalStore(subscribe, () => (id === null ? undefined : states.get().get(id)))
  const t = useT(commonText)
  const formats = useFormats()
  const now = useNow(AGE_REFRESH_MS)
  return presence && presenceText(presence, { t, formats, now, conv })
}

/** How many are online in a large conversation, watched while shown; undefined for a small one. */
export function useOnlineCount({ id, memberCount }: Conversation): OnlineCount | undefined {
  const { presence } = useClient()
  const isLarge = memberCount > WATCH_PEOPLE_MEMBERS_MAX
  useEffect(() => (isLarge ? presence.watch([], [id]) : undefined), [presence, id, isLarge])
  const subscribe = useCallback((listener: () => void) => presence.counts.subscribe(listener), [presence])
  return useSyncExternalStore(subscribe, () => (isLarge ? presence.counts.get().get(id) : undefined))
}

/** Watches one person's presence while shown. */
export function useWatch(id: string | null): void {
  const { presence } = useClient()
  useEffect(() => (id === null ? undefined : presence.watch([id])), [presence, id])
}

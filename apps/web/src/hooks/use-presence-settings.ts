import type { PresenceSettings } from '@tam/protocol'
import { useCallback } from 'react'
import { useClient, useMe } from './use-client.tsx'
import { useSetting } from './use-setting.ts'

const DEFAULTS: PresenceSettings = { dnd: false, visibility: 'contacts', hiddenFrom: [] }

interface OwnPresence {
  readonly settings: PresenceSettings
  /** Why the newest change was taken back. */
  readonly problem: string | undefined
  /** Changes what is given, at once on the screen. */
  readonly change: (patch: Partial<PresenceSettings>) => void
}

/** Who sees whether one is here, and whether one wants to be disturbed. */
export function usePresenceSettings(): OwnPresence {
  // An account remembered from before there were settings has none.
  const { presence = DEFAULTS } = useMe()
  const { rest } = useClient()
  const keep = useCallback((patch: Partial<PresenceSettings>) => rest.patchMe({ presence: patch }), [rest])
  const { chosen, problem, choose } = useSetting<PresenceSettings>(keep)
  return { settings: { ...presence, ...chosen }, problem, change: (patch) => void choose(patch) }
}

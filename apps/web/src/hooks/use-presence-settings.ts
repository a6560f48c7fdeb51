import type { PresenceSettings } from '@tam/protocol'
import { useState } from 'react'
import { useAction } from './use-action.ts'
import { useClient, useMe } from './use-client.tsx'

const DEFAULTS: PresenceSettings = { dnd: false, visibility: 'contacts', hiddenFrom: [] }

interface OwnPresence {
  readonly settings: PresenceSettings
  readonly busy: boolean
  /** Changes what is given, at once on the screen; a failure becomes a toast and takes it back. */
  readonly change: (patch: Partial<PresenceSettings>) => Promise<void>
}

/** Who sees whether one is here, and whether one wants to be disturbed. */
export function usePresenceSettings(): OwnPresence {
  // An account remembered from before there were settings has none.
  const { presence = DEFAULTS } = useMe()
  const { rest } = useClient()
  const { busy, run } = useAction()
  const [chosen, setChosen] = useState<Partial<PresenceSettings>>({})
  const change = async (patch: Partial<PresenceSettings>) => {
    setChosen(patch)
    await run(() => rest.patchMe({ presence: patch }))
    setChosen({})
  }
  return { settings: { ...presence, ...chosen }, busy, change }
}

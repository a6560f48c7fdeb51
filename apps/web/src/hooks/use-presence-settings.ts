import type { PresenceSettings } from '@tam/protocol'
import { useAction } from './use-action.ts'
import { useClient, useMe } from './use-client.tsx'

const DEFAULTS: PresenceSettings = { dnd: false, visibility: 'contacts', hiddenFrom: [] }

interface OwnPresence {
  readonly settings: PresenceSettings
  readonly busy: boolean
  /** Changes what is given; a failure becomes a toast. */
  readonly change: (patch: Partial<PresenceSettings>) => Promise<boolean>
}

/** Who sees whether one is here, and whether one wants to be disturbed. */
export function usePresenceSettings(): OwnPresence {
  // An account remembered from before there were settings has none.
  const { presence: settings = DEFAULTS } = useMe()
  const { rest } = useClient()
  const { busy, run } = useAction()
  return { settings, busy, change: (patch) => run(() => rest.patchMe({ presence: patch })) }
}

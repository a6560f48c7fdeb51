import type { Invite, InviteSummary } from '@tam/protocol'
import { useCallback, useEffect, useState } from 'react'
import { useClient } from '../../hooks/use-client.tsx'

interface Invites {
  /** Those that are open, newest first; undefined until the server answered. */
  readonly open: readonly InviteSummary[] | 'failed' | undefined
  /** The one made here last: the only one whose link is known. */
  readonly made: Invite | undefined
  readonly load: () => void
  /** Rejects as the server says. */
  readonly create: () => Promise<void>
  readonly revoke: (id: string) => Promise<void>
}

/** The invitations of a conversation, for those who manage it. */
export function useInvites(conversation: string): Invites {
  const { rest } = useClient()
  const [open, setOpen] = useState<readonly InviteSummary[] | 'failed'>()
  const [made, setMade] = useState<Invite>()
  const load = useCallback(() => {
    rest.invites(conversation).then(setOpen, () => setOpen('failed'))
  }, [conversation, rest])
  useEffect(load, [load])
  return {
    open,
    made,
    load,
    async create() {
      const invite = await rest.createInvite(conversation, {})
      setMade(invite)
      // Asked anew: others make and use some, too.
      load()
    },
    async revoke(id) {
      await rest.revokeInvite(conversation, id)
      setMade((invite) => (invite?.id === id ? undefined : invite))
      load()
    },
  }
}

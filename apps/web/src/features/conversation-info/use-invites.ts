import type { Invite, InviteSummary } from '@tam/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient } from '../../hooks/use-client.tsx'
import { usePlatform } from '../../hooks/use-platform.tsx'

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

/** Milliseconds without another change of the members after which the invitations are asked for again. */
const SETTLED_MS = 500

/** The invitations of a conversation with so many members, for those who manage it: who comes may have used one. */
export function useInvites(conversation: string, memberCount: number): Invites {
  const { rest } = useClient()
  const { clock } = usePlatform()
  const [open, setOpen] = useState<readonly InviteSummary[] | 'failed'>()
  const [made, setMade] = useState<Invite>()
  const load = useCallback(() => {
    rest.invites(conversation).then(setOpen, () => setOpen('failed'))
  }, [conversation, rest])
  useEffect(load, [load])
  const asked = useRef(memberCount)
  useEffect(() => {
    if (asked.current === memberCount) {
      return undefined
    }
    return clock.after(SETTLED_MS, () => {
      asked.current = memberCount
      load()
    })
  }, [clock, load, memberCount])
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

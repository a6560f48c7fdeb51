import type { Conversation } from '@tam/protocol'
import { useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient, useMe } from '../../hooks/use-client.tsx'
import { useRouter } from '../../hooks/use-platform.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { useToast } from '../../hooks/use-toast.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { errorText } from '../../i18n/errors.ts'
import { useT } from '../../i18n/locale.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { ActionRow } from './action-row.tsx'
import { isLastOwner } from './info.logic.ts'

/** Leaves a group or channel, after asking; whoever is needed there is told instead. */
export function Leave({ conversation, title }: { conversation: Conversation; title: string }) {
  const t = useT(conversationText)
  const errors = useT(errorText)
  const toast = useToast()
  const client = useClient()
  const me = useMe()
  const router = useRouter()
  const { busy, run } = useAction()
  const [asking, setAsking] = useState(false)
  const members = useReadable(client.conversation(conversation.id).members)
  const isNeeded = members !== undefined && isLastOwner(members, me.id)
  const leave = async () => {
    const left = await run(() => client.rest.removeMember(conversation.id, me.id))
    setAsking(false)
    if (left) {
      router.go({ name: 'home' }, { replace: true })
    }
  }
  return (
    <>
      <ActionRow
        icon="logout"
        label={t.leave}
        danger
        onClick={() => (isNeeded ? toast({ text: errors.lastOwner }) : setAsking(true))}
      />
      {asking && (
        <Confirm
          title={t.leaveTitle(title)}
          text={t.leaveLead}
          action={t.leaveConfirm}
          busy={busy}
          onConfirm={() => void leave()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

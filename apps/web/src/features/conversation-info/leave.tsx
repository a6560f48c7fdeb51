import type { Conversation } from '@tam/protocol'
import { useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient, useMe } from '../../hooks/use-client.tsx'
import { useRouter } from '../../hooks/use-platform.tsx'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { ActionRow } from './action-row.tsx'

/** Leaves a group or channel, after asking. */
export function Leave({ conversation, title }: { conversation: Conversation; title: string }) {
  const t = useT(conversationText)
  const { rest } = useClient()
  const me = useMe()
  const router = useRouter()
  const { busy, run } = useAction()
  const [asking, setAsking] = useState(false)
  const leave = async () => {
    const left = await run(() => rest.removeMember(conversation.id, me.id))
    setAsking(false)
    if (left) {
      router.go({ name: 'home' }, { replace: true })
    }
  }
  return (
    <>
      <ActionRow icon="logout" label={t.leave} danger onClick={() => setAsking(true)} />
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

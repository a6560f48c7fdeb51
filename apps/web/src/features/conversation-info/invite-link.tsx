import type { Conversation, Invite } from '@tam/protocol'
import { useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient } from '../../hooks/use-client.tsx'
import { useCopy } from '../../hooks/use-copy.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useFormats, useT } from '../../i18n/locale.tsx'
import { IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { ActionRow } from './action-row.tsx'

/** Makes a link that lets anyone who has it join, and copies it. */
export function InviteLink({ conversation }: { conversation: Conversation }) {
  const t = useT(conversationText)
  const formats = useFormats()
  const { rest } = useClient()
  const { run } = useAction()
  const copy = useCopy()
  const [invite, setInvite] = useState<Invite>()
  const create = () => run(async () => setInvite(await rest.createInvite(conversation.id, {})))
  if (invite === undefined) {
    return <ActionRow icon="link" label={t.inviteLink} onClick={() => void create()} />
  }
  return (
    <TextField
      label={t.inviteField}
      readOnly
      value={invite.url}
      onFocus={(event) => event.currentTarget.select()}
      hint={t.inviteExpires(formats.date(invite.expiresAt))}
      trailing={<IconButton icon="copy" label={t.copyLink} onClick={() => copy(invite.url, t.linkCopied)} />}
      className="px-2.5 py-1"
    />
  )
}

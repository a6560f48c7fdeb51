import type { Invite } from '@tam/protocol'
import { useCopy } from '../../hooks/use-copy.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useFormats, useT } from '../../i18n/locale.tsx'
import { IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'

/** A link that lets anyone who has it join, to be copied: it is told only once. */
export function InviteLink({ invite }: { invite: Invite }) {
  const t = useT(conversationText)
  const formats = useFormats()
  const copy = useCopy()
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

import type { InviteSummary } from '@tam/protocol'
import { useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useMe, useUser } from '../../hooks/use-client.tsx'
import { conversationText } from '../../i18n/conversation.ts'
import { useFormats, useT } from '../../i18n/locale.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

interface InviteRowProps {
  readonly invite: InviteSummary
  /** Rejects as the server says. */
  readonly onRevoke: () => Promise<void>
}

/** Who invites, since when, until when, and how many came; with a way to take it back. */
export function InviteRow({ invite, onRevoke }: InviteRowProps) {
  const t = useT(conversationText)
  const formats = useFormats()
  const me = useMe()
  const user = useUser(invite.by)
  const uses =
    invite.maxUses === null ? t.inviteUses(invite.uses) : t.inviteUsesOf(invite.uses, invite.maxUses)
  return (
    <li className="flex min-h-15 items-center gap-3 rounded-row py-1 pr-1 pl-2 hover:bg-hover">
      {user === undefined ? (
        <Skeleton className="size-9 rounded-[11px]" />
      ) : (
        <Avatar id={user.id} name={user.name} src={user.avatar} size={36} />
      )}
      <div className="min-w-0 flex-1">
        {user === undefined ? (
          <Skeleton className="my-1 h-3 w-32" />
        ) : (
          <p className="line-cut isolate-text text-list font-medium">
            {user.id === me.id ? t.you(user.name) : user.name}
          </p>
        )}
        <p className="text-meta text-text3 tabular-nums">
          {t.inviteSpan(formats.date(invite.createdAt), formats.date(invite.expiresAt))}
        </p>
        <p className="text-meta text-text3">{uses}</p>
      </div>
      <Revoke
        label={user === undefined ? t.revokeInviteConfirm : t.revokeInvite(user.name)}
        onRevoke={onRevoke}
      />
    </li>
  )
}

function Revoke({ label, onRevoke }: { label: string; onRevoke: () => Promise<void> }) {
  const t = useT(conversationText)
  const { busy, run } = useAction()
  const [asking, setAsking] = useState(false)
  const revoke = async () => {
    await run(onRevoke)
    setAsking(false)
  }
  return (
    <>
      <IconButton needsServer icon="trash" label={label} onClick={() => setAsking(true)} />
      {asking && (
        <Confirm
          title={t.revokeInviteTitle}
          text={t.revokeInviteLead}
          action={t.revokeInviteConfirm}
          busy={busy}
          onConfirm={() => void revoke()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

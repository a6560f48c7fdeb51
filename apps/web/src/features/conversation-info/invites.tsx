import type { Conversation } from '@tam/protocol'
import { useAction } from '../../hooks/use-action.ts'
import { commonText } from '../../i18n/common.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { ActionRow } from './action-row.tsx'
import { InviteLink } from './invite-link.tsx'
import { InviteRow } from './invite-row.tsx'
import { useInvites } from './use-invites.ts'

/** Makes an invitation, and shows those that are open. */
export function Invites({ conversation }: { conversation: Conversation }) {
  const t = useT(conversationText)
  const { run } = useAction()
  const { open, made, load, create, revoke } = useInvites(conversation.id, conversation.memberCount)
  return (
    <>
      {made === undefined ? (
        <ActionRow icon="link" label={t.inviteLink} onClick={() => void run(create)} />
      ) : (
        <InviteLink invite={made} />
      )}
      {open === 'failed' && <Failed onRetry={load} />}
      {open !== undefined && open !== 'failed' && open.length > 0 && (
        <section aria-labelledby="invites-heading" className="pt-2">
          <h3 id="invites-heading" className="px-2 pb-1 text-meta/4.5 font-semibold text-text3">
            {t.openInvites(open.length)}
          </h3>
          <ul>
            {open.map((invite) => (
              <InviteRow key={invite.id} invite={invite} onRevoke={() => revoke(invite.id)} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Failed({ onRetry }: { onRetry: () => void }) {
  const t = useT(conversationText)
  const common = useT(commonText)
  return (
    <p className="flex items-center gap-3 px-2.5 py-1 text-list text-text2">
      {t.invitesFailed}
      <Button size="small" onClick={onRetry}>
        {common.retry}
      </Button>
    </p>
  )
}

import { TamError } from '@tam/client'
import type { InvitePreview } from '@tam/protocol'
import { useEffect, useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient } from '../../hooks/use-client.tsx'
import { useRouter } from '../../hooks/use-platform.tsx'
import { commonText } from '../../i18n/common.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { describeError } from '../../i18n/describe-error.ts'
import { errorText } from '../../i18n/errors.ts'
import { useT } from '../../i18n/locale.tsx'
import { switcherText } from '../../i18n/switcher.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Spinner } from '../../ui/spinner.tsx'

/** Where an invitation link leads: what it is to, and the door. A member goes straight in. */
export function InvitePage({ token }: { token: string }) {
  const t = useT(switcherText)
  const texts = useT(conversationText)
  const { rest } = useClient()
  const router = useRouter()
  const errors = useT(errorText)
  const [preview, setPreview] = useState<InvitePreview>()
  const [failure, setFailure] = useState<unknown>()
  useEffect(() => {
    let gone = false
    const look = async () => {
      try {
        const found = await rest.invitePreview(token)
        if (found.joined) {
          router.go({ name: 'conversation', id: found.conversation.id }, { replace: true })
        } else if (!gone) {
          setPreview(found)
        }
      } catch (error) {
        if (!gone) {
          setFailure(error)
        }
      }
    }
    void look()
    return () => {
      gone = true
    }
  }, [rest, router, token])
  const title = preview === undefined ? t.inviteLoading : t.inviteTitle(preview.conversation.title)
  return (
    <main aria-label={title} data-landmark="timeline" tabIndex={-1} className="h-full bg-canvas">
      {failure !== undefined ? (
        <EmptyState
          title={t.inviteBadTitle}
          text={isUnknown(failure) ? t.inviteBadLead : describeError(failure, errors)}
          action={
            <Button onClick={() => router.go({ name: 'home' }, { replace: true })}>{texts.toHome}</Button>
          }
        />
      ) : preview === undefined ? (
        <Waiting text={t.inviteLoading} />
      ) : (
        <Door preview={preview} token={token} />
      )}
    </main>
  )
}

/** A link that leads nowhere any more, told apart from a network that fails. */
function isUnknown(failure: unknown): boolean {
  return failure instanceof TamError && failure.code === 'not_found'
}

function Waiting({ text }: { text: string }) {
  return (
    <div className="grid h-full place-items-center">
      <p className="flex items-center gap-3 text-message text-text2">
        <Spinner /> {text}
      </p>
    </div>
  )
}

function Door({ preview: { conversation }, token }: { preview: InvitePreview; token: string }) {
  const t = useT(switcherText)
  const texts = useT(conversationText)
  const common = useT(commonText)
  const { rest } = useClient()
  const router = useRouter()
  const { busy, run } = useAction()
  const join = () =>
    run(async () => {
      const { id } = await rest.acceptInvite(token)
      router.go({ name: 'conversation', id }, { replace: true })
    })
  const kind = conversation.kind === 'channel' ? texts.channel : texts.group
  return (
    <div className="grid h-full place-items-center p-6">
      <div className="max-w-[26rem] text-center">
        <Avatar id={conversation.id} name={conversation.title} size={64} group />
        <h1 className="isolate-text mt-5 font-brand text-[1.375rem]/8 font-semibold tracking-[-0.01em] text-balance break-words">
          {t.inviteTitle(conversation.title)}
        </h1>
        <p className="mt-1.5 text-message text-text2">
          {kind} · {t.memberCount(conversation.memberCount)}
        </p>
        <div className="mt-6 flex justify-center gap-2.5">
          <Button variant="ghost" onClick={() => router.go({ name: 'home' }, { replace: true })}>
            {t.inviteDecline}
          </Button>
          <Button variant="primary" needsServer busy={busy} onClick={() => void join()}>
            {busy ? common.loading : t.inviteJoin}
          </Button>
        </div>
      </div>
    </div>
  )
}

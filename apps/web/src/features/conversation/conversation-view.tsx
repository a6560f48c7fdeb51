import { useClient } from '../../hooks/use-client.tsx'
import { useConversationTitle } from '../../hooks/use-conversation-title.ts'
import { useLeftBehind } from '../../hooks/use-left-behind.ts'
import { useRouter } from '../../hooks/use-platform.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Composer } from '../composer/composer.tsx'
import { Timeline } from '../timeline/timeline.tsx'
import { ConversationHeader } from './conversation-header.tsx'

/**
 * One conversation: header, messages, composer; `seq` centres a message. Of one that the person is no longer in there
 * is what they wrote and could not send, as long as there is any.
 */
export function ConversationView({ id, seq }: { id: string; seq?: number }) {
  const client = useClient()
  const summary = useReadable(client.conversation(id).summary)
  const listed = useReadable(client.conversations)
  const left = useLeftBehind().find((one) => one.id === id)
  const conversation = summary ?? left?.conversation
  const title = useConversationTitle(conversation)
  const router = useRouter()
  const t = useT(conversationText)
  const isMember = summary !== undefined || listed === undefined
  if (!isMember && left === undefined) {
    return (
      <main aria-label={t.notFoundTitle} data-landmark="timeline" tabIndex={-1} className="h-full">
        <EmptyState
          title={t.notFoundTitle}
          text={t.notFoundLead}
          action={<Button onClick={() => router.go({ name: 'home' }, { replace: true })}>{t.toHome}</Button>}
        />
      </main>
    )
  }
  return (
    <main aria-label={isMember ? title : (title ?? t.leftTitle)} className="flex h-full min-h-0 flex-col">
      <ConversationHeader conversation={conversation} isMember={isMember} />
      <Timeline conversationId={id} {...(seq === undefined ? {} : { seq })} />
      <Composer conversationId={id} />
    </main>
  )
}

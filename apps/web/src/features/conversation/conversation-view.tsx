import { useClient } from '../../hooks/use-client.tsx'
import { useConversationTitle } from '../../hooks/use-conversation-title.ts'
import { useRouter } from '../../hooks/use-platform.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Composer } from '../composer/composer.tsx'
import { Timeline } from '../timeline/timeline.tsx'
import { ConversationHeader } from './conversation-header.tsx'

/** One conversation: header, messages, composer. `seq` centres a message. */
export function ConversationView({ id, seq }: { id: string; seq?: number }) {
  const client = useClient()
  const summary = useReadable(client.conversation(id).summary)
  const listed = useReadable(client.conversations)
  const title = useConversationTitle(summary)
  const router = useRouter()
  const t = useT(conversationText)
  if (summary === undefined && listed !== undefined) {
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
    <main aria-label={title} className="flex h-full min-h-0 flex-col">
      <ConversationHeader conversation={summary} />
      <Timeline conversationId={id} {...(seq === undefined ? {} : { seq })} />
      <Composer conversationId={id} />
    </main>
  )
}

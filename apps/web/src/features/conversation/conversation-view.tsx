import { useClient } from '../../hooks/use-client.tsx'
import { useConversationTitle } from '../../hooks/use-conversation-title.ts'
import { useLeftBehind } from '../../hooks/use-left-behind.ts'
import { useReadable } from '../../hooks/use-readable.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { Composer } from '../composer/composer.tsx'
import { Timeline } from '../timeline/timeline.tsx'
import { ConversationHeader } from './conversation-header.tsx'
import { NotFound } from './not-found.tsx'

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
  const t = useT(conversationText)
  const isMember = summary !== undefined || listed === undefined
  if (!isMember && left === undefined) {
    return <NotFound id={id} />
  }
  return (
    <main aria-label={isMember ? title : (title ?? t.leftTitle)} className="flex h-full min-h-0 flex-col">
      <ConversationHeader conversation={conversation} isMember={isMember} />
      <Timeline conversationId={id} {...(seq === undefined ? {} : { seq })} />
      <Composer conversationId={id} />
    </main>
  )
}

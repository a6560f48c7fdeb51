import type { Conversation } from '@tam/protocol'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useClient } from '../../hooks/use-client.tsx'
import { useConversationTitle } from '../../hooks/use-conversation-title.ts'
import { useReadable } from '../../hooks/use-readable.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { routePath } from '../../platform/route.logic.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useCopy } from '../../hooks/use-copy.ts'
import { HidePresence } from '../people/hide-presence.tsx'
import { AddPeople } from './add-people.tsx'
import { EditDetails } from './edit-details.tsx'
import { mayManage } from './info.logic.ts'
import { Invites } from './invites.tsx'
import { Leave } from './leave.tsx'
import { MemberList } from './member-list.tsx'
import { PersonDetails } from './person-details.tsx'

export { PersonPanel } from './person-panel.tsx'

/** The side panel about a conversation: what it is, who is in it, what one may change. */
export function ConversationInfo({ id }: { id: string }) {
  const conversation = useReadable(useClient().conversation(id).summary)
  if (conversation === undefined) {
    return null
  }
  return conversation.kind === 'direct' ? (
    <Peer conversation={conversation} />
  ) : (
    <Room conversation={conversation} />
  )
}

function Peer({ conversation }: { conversation: Conversation }) {
  const t = useT(conversationText)
  const copy = useCopy()
  const address = routePath({ name: 'conversation', id: conversation.id })
  return (
    <PersonDetails id={conversation.peer}>
      <Button icon="link" onClick={() => copy(window.location.origin + address, t.conversationLinkCopied)}>
        {t.copyConversationLink}
      </Button>
      {conversation.peer !== null && <HidePresence id={conversation.peer} />}
    </PersonDetails>
  )
}

function Room({ conversation }: { conversation: Conversation }) {
  const t = useT(conversationText)
  const title = useConversationTitle(conversation) ?? ''
  const manages = mayManage(conversation.role)
  const [editing, setEditing] = useState(false)
  const editButton = useRef<HTMLButtonElement>(null)
  const done = () => {
    flushSync(() => setEditing(false))
    editButton.current?.focus()
  }
  const isChannel = conversation.kind === 'channel'
  const nature = !isChannel ? t.groupLead : conversation.public ? t.publicChannel : t.privateChannel
  return (
    <>
      <section className="px-5 pt-5 pb-4">
        {editing ? (
          <EditDetails conversation={conversation} onDone={done} />
        ) : (
          <>
            <div className="flex items-start gap-2">
              <h3 className="isolate-text min-w-0 flex-1 text-section font-strong break-words">
                {isChannel ? `# ${title}` : title}
              </h3>
              {manages && (
                <IconButton
                  ref={editButton}
                  needsServer
                  icon="edit"
                  label={t.editDetails}
                  onClick={() => setEditing(true)}
                />
              )}
            </div>
            <p
              className={`isolate-text mt-1 text-list break-words whitespace-pre-line ${conversation.topic === '' ? 'text-text3' : 'text-text2'}`}
            >
              {conversation.topic === '' ? t.noTopic : conversation.topic}
            </p>
            <p className="mt-2 text-secondary text-text3">{nature}</p>
          </>
        )}
      </section>
      {manages && (
        <section className="space-y-1 border-t border-border px-3 py-3">
          <AddPeople conversation={conversation} />
          <Invites conversation={conversation} />
        </section>
      )}
      <section className="border-t border-border pt-3">
        <h3 className="px-5 pb-1 text-meta/4.5 font-semibold text-text3">
          {t.members(conversation.memberCount)}
        </h3>
        <MemberList conversation={conversation} />
      </section>
      <section className="mt-3 border-t border-border px-3 pt-3">
        <Leave conversation={conversation} title={title} />
      </section>
    </>
  )
}

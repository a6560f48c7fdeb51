import type { Conversation } from '@tam/protocol'
import { useState } from 'react'
import { useClient, useUser } from '../../hooks/use-client.tsx'
import { useConversationTitle } from '../../hooks/use-conversation-title.ts'
import { usePresence } from '../../hooks/use-presence.ts'
import { useReadable } from '../../hooks/use-readable.ts'
import { commonText } from '../../i18n/common.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { routePath } from '../../platform/route.logic.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { useCopy } from '../../hooks/use-copy.ts'
import { AddPeople } from './add-people.tsx'
import { EditDetails } from './edit-details.tsx'
import { mayManage } from './info.logic.ts'
import { InviteLink } from './invite-link.tsx'
import { Leave } from './leave.tsx'
import { MemberList } from './member-list.tsx'

/** The side panel about a conversation: what it is, who is in it, what one may change. */
export function ConversationInfo({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT(conversationText)
  const common = useT(commonText)
  const conversation = useReadable(useClient().conversation(id).summary)
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-border pr-3 pl-4">
        <h2 className="line-cut flex-1 text-title font-strong">{t.details}</h2>
        <IconButton icon="close" label={common.close} onClick={onClose} data-landmark-focus />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto pb-6">
        {conversation !== undefined &&
          (conversation.kind === 'direct' ? (
            <Peer conversation={conversation} />
          ) : (
            <Room conversation={conversation} />
          ))}
      </div>
    </div>
  )
}

function Peer({ conversation }: { conversation: Conversation }) {
  const t = useT(conversationText)
  const common = useT(commonText)
  const user = useUser(conversation.peer)
  const presence = usePresence(conversation.peer)
  const copy = useCopy()
  if (user === undefined) {
    return null
  }
  return (
    <section
      className="flex flex-col items-center px-5 pt-7 text-center"
      style={{ '--dot-ring': 'var(--canvas)' }}
    >
      <Avatar id={user.id} name={user.name} src={user.avatar} size={96} presence={presence} />
      <h3 className="isolate-text mt-4 text-section font-strong break-words">{user.name}</h3>
      <p className="text-list text-text3">@{user.username}</p>
      <p className="mt-1 text-list text-text2">
        {user.status === '' && presence !== undefined ? common[presence] : user.status}
      </p>
      {user.bio !== '' && (
        <p className="isolate-text mt-4 text-list break-words whitespace-pre-line text-text2">{user.bio}</p>
      )}
      <Button
        icon="link"
        className="mt-6"
        onClick={() =>
          copy(
            window.location.origin + routePath({ name: 'conversation', id: conversation.id }),
            t.conversationLinkCopied,
          )
        }
      >
        {t.copyConversationLink}
      </Button>
    </section>
  )
}

function Room({ conversation }: { conversation: Conversation }) {
  const t = useT(conversationText)
  const title = useConversationTitle(conversation) ?? ''
  const manages = mayManage(conversation.role)
  const [editing, setEditing] = useState(false)
  const isChannel = conversation.kind === 'channel'
  const nature = !isChannel ? t.groupLead : conversation.public ? t.publicChannel : t.privateChannel
  return (
    <>
      <section className="px-5 pt-5 pb-4">
        {editing ? (
          <EditDetails conversation={conversation} onDone={() => setEditing(false)} />
        ) : (
          <>
            <div className="flex items-start gap-2">
              <h3 className="isolate-text min-w-0 flex-1 text-section font-strong break-words">
                {isChannel ? `# ${title}` : title}
              </h3>
              {manages && <IconButton icon="edit" label={t.editDetails} onClick={() => setEditing(true)} />}
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
          <InviteLink conversation={conversation} />
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

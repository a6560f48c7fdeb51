import type { Conversation } from '@tam/protocol'
import { useConversationTitle } from '../../hooks/use-conversation-title.ts'
import { useUser } from '../../hooks/use-client.tsx'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { useRouter } from '../../hooks/use-platform.tsx'
import { useOnlineCount, usePresence, usePresenceText, useWatch } from '../../hooks/use-presence.ts'
import { useReadable } from '../../hooks/use-readable.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

interface ConversationHeaderProps {
  /** Undefined while the first sync runs; of one that was left also when its name is not known any more. */
  readonly conversation: Conversation | undefined
  readonly isMember: boolean
}

/** What is open, who is in it, and the way to its details: those are for members. */
export function ConversationHeader({ conversation, isMember }: ConversationHeaderProps) {
  const t = useT(conversationText)
  const router = useRouter()
  const { panels, openPanel, closePanels } = useOverlays()
  const title = useConversationTitle(conversation)
  const open = useReadable(panels).length > 0
  return (
    <header className="flex h-14 shrink-0 items-center gap-2.5 overflow-hidden border-b border-border pr-3 pl-2 [scrollbar-gutter:stable] sm:px-5">
      <IconButton
        icon="back"
        label={t.backToList}
        onClick={() => router.back({ name: 'home' })}
        className="sm:hidden"
      />
      {conversation === undefined || !isMember ? (
        <h1 className="line-cut isolate-text shrink text-title font-strong">
          {isMember ? <Skeleton className="h-4 w-44" /> : (title ?? t.leftTitle)}
        </h1>
      ) : (
        <>
          <Sign conversation={conversation} title={title} />
          {/* One line high: what does not fit beside the title wraps out of sight, whole. */}
          <div className="flex h-9 min-w-0 flex-1 flex-wrap content-start items-center gap-x-2.5 overflow-hidden">
            <h1 className="line-cut isolate-text text-title leading-9 font-strong">{title}</h1>
            <Subtitle conversation={conversation} />
          </div>
          <IconButton
            icon={conversation.kind === 'direct' ? 'info' : 'people'}
            label={conversation.kind === 'direct' ? t.info : t.showMembers}
            aria-pressed={open}
            onClick={() =>
              open ? closePanels() : openPanel({ kind: 'info', conversation: conversation.id })
            }
            className="sm:-mr-1.5"
          />
        </>
      )}
    </header>
  )
}

function Sign({ conversation, title = '' }: { conversation: Conversation; title: string | undefined }) {
  const peer = useUser(conversation.peer)
  const presence = usePresence(conversation.peer)
  useWatch(conversation.peer)
  if (conversation.kind === 'channel') {
    return <Icon name={conversation.public ? 'hash' : 'lock'} className="-mr-1.5 size-[18px] text-text2" />
  }
  const isDirect = conversation.kind === 'direct'
  return (
    <span style={{ '--dot-ring': 'var(--canvas)' }} className="inline-flex">
      <Avatar
        id={conversation.peer ?? conversation.id}
        name={title}
        src={peer?.avatar ?? null}
        size={36}
        group={!isDirect}
        presence={presence}
      />
    </span>
  )
}

/** Topic and size of a group or channel; a person's status. Left out where there is no room for a few words of it. */
function Subtitle({ conversation }: { conversation: Conversation }) {
  const t = useT(conversationText)
  const peer = useUser(conversation.peer)
  const presence = usePresenceText(conversation.peer, conversation.id) ?? ''
  const count = useOnlineCount(conversation)
  const size = t.members(conversation.memberCount)
  const parts =
    conversation.kind === 'direct'
      ? [peer?.status ?? '', presence]
      : [conversation.topic, size, count === undefined ? '' : t.online(count.online)]
  return (
    <p className="line-cut isolate-text ml-1 flex-[1_1_8rem] border-l border-border pl-3 text-secondary text-text3 max-sm:sr-only">
      {parts.filter((part) => part !== '').join(' · ')}
    </p>
  )
}

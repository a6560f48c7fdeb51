import type { Conversation } from '@tam/protocol'
import { memo } from 'react'
import { useMe, useUser } from '../../../hooks/use-client.tsx'
import { useConversationTitle } from '../../../hooks/use-conversation-title.ts'
import { usePlatform } from '../../../hooks/use-platform.tsx'
import { usePresence } from '../../../hooks/use-presence.ts'
import { useReadable } from '../../../hooks/use-readable.ts'
import { listText } from '../../../i18n/list.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Avatar } from '../../../ui/avatar.tsx'
import { Link } from '../../../ui/link.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { callName } from '../../timeline/call-name.logic.ts'
import { oneLine } from '../list.logic.ts'
import { UnreadBadge } from './unread-badge.tsx'

interface ChatRowProps {
  readonly conversation: Conversation
  readonly selected: boolean
  readonly tabStop: boolean
  /** When the newest message came, as the list says it. */
  readonly time: string
}

/** A direct conversation or a group: avatar, name, the newest line, the time, what is unread. */
export const ChatRow = memo(function ChatRow({ conversation, selected, tabStop, time }: ChatRowProps) {
  const title = useConversationTitle(conversation)
  const peer = useUser(conversation.peer)
  const presence = usePresence(conversation.peer)
  const unread = conversation.unread > 0
  return (
    <Link
      to={{ name: 'conversation', id: conversation.id }}
      data-row={conversation.id}
      data-peer={conversation.peer ?? undefined}
      tabIndex={tabStop ? 0 : -1}
      aria-current={selected ? 'page' : undefined}
      title={title}
      style={{ '--dot-ring': selected ? 'var(--selected)' : undefined }}
      className="my-px mr-(--row-right) ml-2 grid h-15 grid-cols-[40px_minmax(0,1fr)] items-center gap-x-3 rounded-menu px-2.5 transition-colors [contain-intrinsic-size:auto_60px] [content-visibility:auto] hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:bg-selected"
    >
      <span className="min-w-0">
        <span className="flex items-baseline gap-2">
          <span
            className={`line-cut isolate-text flex-1 text-list ${unread ? 'font-strong' : 'font-medium'}`}
          >
            {title ?? <Skeleton className="my-1 h-3 w-28" />}
          </span>
          <time className={`shrink-0 text-meta tabular-nums ${selected ? 'text-text2' : 'text-text3'}`}>
            {time}
          </time>
        </span>
        <span className="flex items-center gap-2">
          <Preview conversation={conversation} selected={selected} />
          <UnreadBadge conversation={conversation} />
        </span>
      </span>
      {/* After the name for who listens, before it for who looks. */}
      <span className="order-first flex">
        <Avatar
          id={conversation.peer ?? conversation.id}
          name={title ?? ''}
          src={peer?.avatar ?? null}
          size={40}
          group={conversation.kind === 'group'}
          presence={presence}
        />
      </span>
    </Link>
  )
})

function Preview({ conversation, selected }: { conversation: Conversation; selected: boolean }) {
  const t = useT(listText)
  const me = useMe()
  const last = conversation.lastMessage
  const author = useUser(last?.from ?? null)
  const draft = useReadable(usePlatform().drafts.preview(conversation.id))
  const colour = conversation.unread > 0 ? 'text-text' : selected ? 'text-text2' : 'text-text3'
  return (
    <span className={`line-cut isolate-text flex-1 text-secondary ${colour}`}>
      {draft !== '' && !selected ? (
        <>
          <span className="text-danger-text">{t.draft}</span> {oneLine(draft)}
        </>
      ) : (
        previewText(conversation, me.id, author?.name, t)
      )}
    </span>
  )
}

function previewText(
  { kind, lastMessage }: Conversation,
  me: string,
  author: string | undefined,
  t: (typeof listText)['vi'],
): string {
  if (lastMessage === null) {
    return t.noMessages
  }
  const text = oneLine(lastMessage.text)
  if (lastMessage.from === me) {
    return t.you(text)
  }
  return kind === 'direct' || author === undefined ? text : t.author(callName(author), text)
}

import type { Conversation } from '@tam/protocol'
import { memo } from 'react'
import { listText } from '../../../i18n/list.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Link } from '../../../ui/link.tsx'
import { UnreadBadge } from './unread-badge.tsx'

interface ChannelRowProps {
  readonly conversation: Conversation
  readonly selected: boolean
  /** The one row of the list that Tab reaches. */
  readonly tabStop: boolean
}

export const ChannelRow = memo(function ChannelRow({ conversation, selected, tabStop }: ChannelRowProps) {
  const t = useT(listText)
  const bold = conversation.unread > 0 ? 'font-semibold text-text' : 'text-text2'
  return (
    <Link
      to={{ name: 'conversation', id: conversation.id }}
      data-row={conversation.id}
      tabIndex={tabStop ? 0 : -1}
      aria-current={selected ? 'page' : undefined}
      title={conversation.title ?? undefined}
      className={`my-px mr-(--row-right) ml-2 flex h-8.5 items-center gap-2.5 rounded-row px-2.5 text-list transition-colors hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:bg-selected aria-[current]:font-medium aria-[current]:text-text pointer-coarse:h-11 ${bold}`}
    >
      <Icon name={conversation.public ? 'hash' : 'lock'} className="size-[17px]" />
      {!conversation.public && <span className="sr-only">{t.privateChannel}</span>}
      <span className="line-cut isolate-text flex-1">{conversation.title}</span>
      <UnreadBadge conversation={conversation} />
    </Link>
  )
})

import { useUser } from '../../../hooks/use-client.tsx'
import { useConversationTitle } from '../../../hooks/use-conversation-title.ts'
import type { LeftBehind } from '../../../hooks/use-left-behind.ts'
import { usePlatform } from '../../../hooks/use-platform.tsx'
import { useReadable } from '../../../hooks/use-readable.ts'
import { conversationText } from '../../../i18n/conversation.ts'
import { listText } from '../../../i18n/list.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Avatar } from '../../../ui/avatar.tsx'
import { Link } from '../../../ui/link.tsx'
import { oneLine } from '../list.logic.ts'

interface LeftRowProps {
  readonly left: LeftBehind
  readonly selected: boolean
  readonly tabStop: boolean
}

/** A conversation one is no longer in: the way to what was written for it and never sent. */
export function LeftRow({ left: { id, conversation, hasUnsent }, selected, tabStop }: LeftRowProps) {
  const t = useT(listText)
  const { leftTitle } = useT(conversationText)
  const title = useConversationTitle(conversation) ?? leftTitle
  const peer = useUser(conversation?.peer ?? null)
  const draft = useReadable(usePlatform().drafts.preview(id))
  return (
    <Link
      to={{ name: 'conversation', id }}
      data-row={id}
      tabIndex={tabStop ? 0 : -1}
      aria-current={selected ? 'page' : undefined}
      title={title}
      className="my-px mr-(--row-right) ml-2 grid h-15 grid-cols-[40px_minmax(0,1fr)] items-center gap-x-3 rounded-menu px-2.5 transition-colors hover:bg-hover focus-visible:-outline-offset-2 aria-[current]:bg-selected"
    >
      <Avatar
        id={conversation?.peer ?? id}
        name={title}
        src={peer?.avatar ?? null}
        size={40}
        group={conversation?.kind !== 'direct'}
      />
      <span className="flex min-w-0 flex-col">
        <span className="line-cut isolate-text text-list font-medium">{title}</span>
        <span className={`line-cut isolate-text text-secondary ${selected ? 'text-text2' : 'text-text3'}`}>
          {hasUnsent || draft === '' ? (
            <span className="text-danger-text">{t.unsentThere}</span>
          ) : (
            <>
              <span className="text-danger-text">{t.draft}</span> {oneLine(draft)}
            </>
          )}
        </span>
      </span>
    </Link>
  )
}

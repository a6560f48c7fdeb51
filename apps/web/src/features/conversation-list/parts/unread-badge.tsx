import type { Conversation } from '@tam/protocol'
import { listText } from '../../../i18n/list.ts'
import { useT } from '../../../i18n/locale.tsx'
import { badgeText } from '../list.logic.ts'

/** Lacquer red for what is written to the person alone, muted for the rest. */
export function UnreadBadge({ conversation }: { conversation: Pick<Conversation, 'kind' | 'unread'> }) {
  const t = useT(listText)
  if (conversation.unread === 0) {
    return null
  }
  const colour =
    conversation.kind === 'direct' ? 'bg-badge text-on-badge' : 'bg-badge-muted text-on-badge-muted'
  return (
    <span
      className={`h-4.5 min-w-5 shrink-0 rounded-full px-1.5 text-center text-count font-semibold tabular-nums ${colour}`}
    >
      <span aria-hidden="true">{badgeText(conversation.unread)}</span>
      <span className="sr-only">{t.unread(conversation.unread)}</span>
    </span>
  )
}

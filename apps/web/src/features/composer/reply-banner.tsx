import type { ConversationHandle } from '@tam/client'
import { useMemo } from 'react'
import { useMe, useUser } from '../../hooks/use-client.tsx'
import { composerText } from '../../i18n/composer.ts'
import { useT } from '../../i18n/locale.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { messageAt } from '../timeline/rows.logic.ts'

interface ReplyBannerProps {
  readonly handle: ConversationHandle
  readonly seq: number
  readonly onCancel: () => void
}

/** Which message the next one answers. */
export function ReplyBanner({ handle, seq, onCancel }: ReplyBannerProps) {
  const t = useT(composerText)
  const original = useMemo(() => messageAt(handle.timeline.get().items, seq), [handle, seq])
  const author = useUser(original?.from ?? null)
  const me = useMe()
  return (
    <div
      className="flex items-center gap-2 border-b border-border py-1 pr-1.5 pl-3.5 text-secondary text-text3"
      data-reply=""
    >
      <Icon name="reply" className="size-4" />
      <span className="line-cut flex-1">
        <span className="font-semibold text-text2">
          {author === undefined
            ? t.replyToEarlier
            : author.id === me.id
              ? t.replyToOwn
              : t.replyTo(author.name)}
        </span>
        {original !== null && <span className="isolate-text ml-2">{original.text.slice(0, 200)}</span>}
      </span>
      <IconButton icon="close" label={t.cancelReply} onClick={onCancel} iconClassName="size-4" />
    </div>
  )
}

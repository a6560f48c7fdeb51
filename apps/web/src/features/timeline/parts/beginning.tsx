import type { ConversationHandle } from '@tam/client'
import { useUser } from '../../../hooks/use-client.tsx'
import { useReadable } from '../../../hooks/use-readable.ts'
import type { TimelineText } from '../../../i18n/timeline.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Icon } from '../../../ui/icon.tsx'

interface BeginningProps {
  readonly handle: ConversationHandle
  readonly t: TimelineText
  /** Nobody has written anything yet. */
  readonly empty: boolean
}

/** Stands above the first message: whose conversation this is. */
export function Beginning({ handle, t, empty }: BeginningProps) {
  const conversation = useReadable(handle.summary)
  const peer = useUser(conversation?.peer ?? null)
  if (conversation === undefined) {
    return null
  }
  const title = conversation.title ?? peer?.name ?? t.someone
  const sentence = {
    direct: t.beginningDirect(title),
    group: t.beginningGroup(title),
    channel: t.beginningChannel(title),
  }[conversation.kind]
  return (
    <div className="px-5 pt-10 pb-3 max-sm:px-3.5">
      {conversation.kind === 'channel' ? (
        <span className="grid size-16 place-items-center rounded-[16px] bg-accent-subtle text-accent-text">
          <Icon name={conversation.public ? 'hash' : 'lock'} className="size-7" />
        </span>
      ) : (
        <Avatar
          id={conversation.peer ?? conversation.id}
          name={title}
          src={peer?.avatar ?? null}
          size={64}
          group={conversation.kind === 'group'}
        />
      )}
      <h2 className="isolate-text mt-3 font-brand text-section font-semibold break-words">{title}</h2>
      <p className="text-text2">{sentence}</p>
      {conversation.topic !== '' && <p className="text-text2">{conversation.topic}</p>}
      {empty && <p className="mt-1 text-text3">{t.beginningHint}</p>}
    </div>
  )
}

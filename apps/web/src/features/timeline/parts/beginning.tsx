import type { Conversation } from '@tam/protocol'
import { useUser } from '../../../hooks/use-client.tsx'
import type { TimelineText } from '../../../i18n/timeline.ts'
import { Avatar } from '../../../ui/avatar.tsx'

/** Stands above the first message: whose conversation this is. */
export function Beginning({
  conversation,
  t,
  empty,
}: {
  conversation: Conversation
  t: TimelineText
  empty: boolean
}) {
  const peer = useUser(conversation.peer)
  const title = conversation.title ?? peer?.name ?? t.someone
  const sentence = {
    direct: t.beginningDirect(title),
    group: t.beginningGroup(title),
    channel: t.beginningChannel(title),
  }[conversation.kind]
  return (
    <div className="px-5 pt-10 pb-3 max-sm:px-3.5">
      <Avatar
        id={conversation.peer ?? conversation.id}
        name={title}
        src={peer?.avatar ?? null}
        size={64}
        group={conversation.kind !== 'direct'}
      />
      <h2 className="mt-3 font-brand text-section font-semibold">{title}</h2>
      <p className="text-text2">{sentence}</p>
      {conversation.topic !== '' && <p className="text-text2">{conversation.topic}</p>}
      {empty && <p className="mt-1 text-text3">{t.beginningHint}</p>}
    </div>
  )
}

import type { EventItem } from '@tam/client'
import { memo } from 'react'
import { useUser } from '../../../hooks/use-client.tsx'
import { useFormats, useT } from '../../../i18n/locale.tsx'
import { timelineText } from '../../../i18n/timeline.ts'
import { Icon, type IconName } from '../../../ui/icon.tsx'
import { eventText } from '../event-text.logic.ts'
import { useRowActions } from '../row-context.tsx'

const ICONS: Record<EventItem['entry']['type'], IconName> = {
  created: 'chat',
  member: 'people',
  details: 'edit',
}

/** A membership, a name or a topic that changed: one quiet line. */
export const EventRow = memo(function EventRow({ item, active }: { item: EventItem; active: boolean }) {
  const { entry } = item
  const t = useT(timelineText)
  const formats = useFormats()
  const { me, observe } = useRowActions()
  const actor = useUser(entry.from)
  const subject = useUser(entry.type === 'member' ? entry.user : null)
  const nameOf = (user: string): string => (user === entry.from ? actor : subject)?.name ?? t.someone
  const sentence = eventText(entry, t, {
    subject: (user) => (user === me ? t.you : nameOf(user)),
    object: (user) => (user === me ? t.youObject : nameOf(user)),
  })
  const time = formats.time(entry.at)
  return (
    <article
      ref={observe}
      data-key={item.key}
      data-seq={item.seq}
      data-landmark-focus={active ? '' : undefined}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the rows are the stops of one roving focus
      tabIndex={active ? 0 : -1}
      aria-label={t.eventName(sentence, time)}
      className="message-row event-row"
    >
      <div className="grid place-items-center self-start pt-0.5">
        <Icon name={ICONS[entry.type]} className="size-4" />
      </div>
      <p>
        <bdi>{sentence}</bdi>{' '}
        <time dateTime={entry.at} title={formats.full(entry.at)} className="ml-1 text-meta tabular-nums">
          {time}
        </time>
      </p>
    </article>
  )
})

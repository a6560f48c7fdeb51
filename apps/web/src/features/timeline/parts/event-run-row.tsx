import { memo, useState } from 'react'
import { useClient, useUser, useUsersVersion } from '../../../hooks/use-client.tsx'
import { useFormats, useT } from '../../../i18n/locale.tsx'
import { timelineText } from '../../../i18n/timeline.ts'
import { Icon } from '../../../ui/icon.tsx'
import type { EventRun } from '../event-runs.logic.ts'
import { NAMED_MAX, peopleOf, runText } from '../event-text.logic.ts'
import { useRowActions } from '../row-context.tsx'

/** Many people who came or went at once: one line that names two of them, and all of them when asked. */
export const EventRunRow = memo(function EventRunRow({ item, active }: { item: EventRun; active: boolean }) {
  const { entry } = item
  const t = useT(timelineText)
  const formats = useFormats()
  const { users } = useClient()
  const { me, observe, holdTop } = useRowActions()
  const [open, setOpen] = useState(false)
  const actor = useUser(entry.from)
  useUsersVersion()
  const nameOf = (user: string): string => users.get(user)?.name ?? t.someone
  const people = peopleOf(item, me)
  const sentence = runText(item, people, t, {
    subject: (user) =>
      user === me ? t.you : user === entry.from ? (actor?.name ?? t.someone) : nameOf(user),
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
        <Icon name="people" className="size-4" />
      </div>
      <div className="min-w-0">
        <p>
          <bdi>{sentence}</bdi>{' '}
          <time dateTime={entry.at} title={formats.full(entry.at)} className="ml-1 text-meta tabular-nums">
            {time}
          </time>
          {people.length > NAMED_MAX + 1 && (
            <button
              type="button"
              aria-expanded={open}
              tabIndex={active ? 0 : -1}
              onClick={(event) => {
                holdTop(event.currentTarget)
                setOpen(!open)
              }}
              className="tap-target ml-2 rounded-chip font-semibold text-accent-text hover:underline"
            >
              {open ? t.showLess : t.showEverybody}
            </button>
          )}
        </p>
        {open && <p>{people.map((user) => (user === me ? t.you : nameOf(user))).join(', ')}</p>}
      </div>
    </article>
  )
})

import { memo, useState, type FocusEvent, type PointerEvent } from 'react'
import { useUser } from '../../../hooks/use-client.tsx'
import { useFormats, useT } from '../../../i18n/locale.tsx'
import { timelineText } from '../../../i18n/timeline.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { isLong } from '../long-text.logic.ts'
import { useRowActions } from '../row-context.tsx'
import { useLongPress } from '../use-long-press.ts'
import type { MessageRow as Row } from '../rows.logic.ts'
import { ActionBar } from './action-bar.tsx'
import { DeliveryMark, deliveryText } from './delivery-mark.tsx'
import { BehindFailedLine, FailedLine } from './failed-line.tsx'
import { LongText } from './long-text.tsx'
import { MessageText } from './message-text.tsx'
import { Quote } from './quote.tsx'

/** Height of the action bar and a little air. */
const BAR_ROOM_PX = 44

interface MessageRowProps {
  readonly row: Row
  /** The row that Tab reaches. */
  readonly active: boolean
  readonly highlighted: boolean
}

/** One message. Renders anew only when its row object, its author or its place in the focus order changes. */
export const MessageRow = memo(function MessageRow({ row, active, highlighted }: MessageRowProps) {
  const { item, own, head, delivery } = row
  const t = useT(timelineText)
  const formats = useFormats()
  const { observe, showPerson, showSheet } = useRowActions()
  const author = useUser(item.from)
  const original = useUser(row.quoted?.from ?? null)
  const bar = useActionBar()
  const press = useLongPress(() => showSheet(item))
  const name = author?.name ?? t.someone
  const time = formats.time(item.at)
  const text = (
    <p dir="auto" className={`message-text ${own && item.state !== 'sent' ? 'message-echo' : ''}`}>
      <MessageText text={item.text} focusable={active} />
      {delivery !== null && <DeliveryMark delivery={delivery} t={t} />}
    </p>
  )
  return (
    <article
      ref={observe}
      data-key={row.key}
      data-seq={item.seq ?? undefined}
      data-landmark-focus={active ? '' : undefined}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the rows are the stops of one roving focus
      tabIndex={active ? 0 : -1}
      aria-label={messageLabel(row, { name, original: original?.name, time }, t)}
      className={`message-row ${head ? 'message-head' : ''} ${highlighted ? 'message-highlighted' : ''} ${bar.shown === null ? '' : 'bg-hover'}`}
      {...bar.handlers}
      {...press}
    >
      <div className="message-side">
        {head ? (
          <button
            type="button"
            aria-label={t.profileOf(name)}
            // Keys have the list of members: the row stays one tab stop with its actions behind it.
            tabIndex={-1}
            onClick={(event) => showPerson(item.from, event.currentTarget)}
            className="tap-target flex rounded-[11px]"
          >
            <Avatar id={item.from} name={name} src={author?.avatar ?? null} size={36} />
          </button>
        ) : (
          bar.shown !== null && (
            <time dateTime={item.at} className="side-time">
              {time}
            </time>
          )
        )}
      </div>
      <div className="min-w-0">
        {head && (
          <h3 className="flex items-baseline gap-2 font-semibold">
            <span className="line-cut isolate-text">{name}</span>
            <time
              dateTime={item.at}
              title={formats.full(item.at)}
              className="shrink-0 text-meta font-normal text-text3 tabular-nums"
            >
              {time}
            </time>
          </h3>
        )}
        {item.replyTo !== undefined && (
          <Quote original={row.quoted} seq={item.replyTo} t={t} focusable={active} />
        )}
        {isLong(item.text) ? (
          <LongText t={t} focusable={active}>
            {text}
          </LongText>
        ) : (
          text
        )}
        {item.state === 'failed' && <FailedLine item={item} t={t} focusable={active} />}
        {item.error === 'behind_failed' && <BehindFailedLine t={t} />}
      </div>
      {bar.shown !== null && (
        <ActionBar item={item} author={name} t={t} below={bar.shown === 'below'} focusable={bar.focused} />
      )}
    </article>
  )
})

/** Shows the bar while the pointer or the focus is in the row. */
function useActionBar() {
  const [hovered, setHovered] = useState(false)
  const [focused, setFocused] = useState(false)
  const [below, setBelow] = useState(false)
  const place = (row: HTMLElement): void => {
    const view = row.closest('[data-timeline-view]')
    const room = row.getBoundingClientRect().top - (view?.getBoundingClientRect().top ?? 0)
    setBelow(room < BAR_ROOM_PX)
  }
  const handlers = {
    onPointerEnter(event: PointerEvent<HTMLElement>) {
      // A finger has no hover: it asks by a long press.
      if (event.pointerType === 'mouse') {
        place(event.currentTarget)
        setHovered(true)
      }
    },
    onPointerLeave: () => setHovered(false),
    onFocus(event: FocusEvent<HTMLElement>) {
      // A click leaves the focus behind in a row; the bar goes with the mouse.
      if (event.target.matches(':focus-visible')) {
        place(event.currentTarget)
        setFocused(true)
      }
    },
    onBlur(event: FocusEvent<HTMLElement>) {
      setFocused(event.currentTarget.contains(event.relatedTarget))
    },
  }
  return { handlers, focused, shown: hovered || focused ? (below ? 'below' : 'above') : null } as const
}

function messageLabel(
  row: Row,
  words: { name: string; original: string | undefined; time: string },
  t: (typeof timelineText)['vi'],
): string {
  const { item, delivery } = row
  const { name, time } = words
  // The sentence around it brings its own full stop.
  const text = item.text.endsWith('.') ? item.text.slice(0, -1) : item.text
  const state = delivery === null ? null : deliveryText(delivery, t)
  if (item.replyTo === undefined) {
    return state === null ? t.messageName(name, text, time) : t.messageNameState(name, text, time, state)
  }
  const whom = words.original ?? t.earlierMessage
  return state === null
    ? t.replyName(name, whom, text, time)
    : t.replyNameState(name, whom, text, time, state)
}

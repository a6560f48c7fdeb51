import type { Conversation } from '@tam/protocol'
import {
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react'
import { useConversations } from '../../hooks/use-all-read.tsx'
import { useLeftBehind } from '../../hooks/use-left-behind.ts'
import { useNow } from '../../hooks/use-now.ts'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { useRoute } from '../../hooks/use-platform.tsx'
import { listText } from '../../i18n/list.ts'
import { useFormats, useT } from '../../i18n/locale.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { toSections } from './list.logic.ts'
import { ChannelRow } from './parts/channel-row.tsx'
import { ChatRow } from './parts/chat-row.tsx'
import { FirstSteps } from './first-steps.tsx'
import { LeftRow } from './parts/left-row.tsx'
import { ListHeader } from './parts/list-header.tsx'
import { ListSkeleton } from './parts/list-skeleton.tsx'
import { useCalmOrder } from './use-calm-order.ts'
import { useWatchVisible } from './use-watch-visible.ts'

/** Rows rendered at first and added by each "show more"; a list of thousands would weigh on every render. */
const CHATS_STEP = 100
const ROW_MARGIN = 8
const TIME_REFRESH_MS = 60_000

const NONE: readonly Conversation[] = []

/** The sidebar: what could not be sent where one is no longer, channels by name, then direct conversations and groups by activity. */
export function ConversationList({ filter }: { filter: 'all' | 'chats' }) {
  const t = useT(listText)
  const conversations = useConversations()
  const { openDialog } = useOverlays()
  const scroller = useRef<HTMLDivElement>(null)
  const formats = useFormats()
  const sections = useMemo(
    () => conversations && toSections(conversations, (a, b) => formats.compare(a, b)),
    [conversations, formats],
  )
  const route = useRoute()
  const selected = route.name === 'conversation' ? route.id : undefined
  const chats = useCalmOrder(scroller, sections?.chats ?? NONE)
  const left = useLeftBehind()
  const shown = [...left, ...(filter === 'all' ? (sections?.channels ?? []) : []), ...chats]
  const tabStop = shown.some(({ id }) => id === selected) ? selected : shown[0]?.id
  const isEmpty = conversations?.length === 0 && left.length === 0
  const peers = useMemo(() => new Set(sections?.chats.flatMap(({ peer }) => peer ?? [])), [sections])
  useWatchVisible(scroller, peers)
  useGutter(scroller)
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows between the links inside
    <nav
      aria-label={t.conversations}
      data-landmark="list"
      tabIndex={-1}
      className="flex h-full min-h-0 flex-col"
      onKeyDown={moveBetweenRows}
    >
      <ListHeader />
      <div
        ref={scroller}
        className="list-rows min-h-0 flex-1 overflow-y-auto pb-[max(16px,env(safe-area-inset-bottom))] [scrollbar-gutter:stable]"
      >
        {isEmpty && (
          // Wider windows say it beside the list.
          <div className="h-full sm:hidden">
            <FirstSteps />
          </div>
        )}
        {sections === undefined ? (
          <ListSkeleton />
        ) : (
          <div className={isEmpty ? 'max-sm:hidden' : ''}>
            {left.length > 0 && (
              <section aria-labelledby="left-heading">
                <SectionHeading id="left-heading" title={t.notSent} />
                {left.map((one) => (
                  <LeftRow
                    key={one.id}
                    left={one}
                    selected={one.id === selected}
                    tabStop={one.id === tabStop}
                  />
                ))}
              </section>
            )}
            {filter === 'all' && (
              <section aria-labelledby="channels-heading">
                <SectionHeading id="channels-heading" title={t.channels}>
                  <IconButton
                    needsServer
                    icon="plus"
                    label={t.browse}
                    onClick={() => openDialog('browse')}
                    className="size-6"
                    iconClassName="size-4"
                  />
                </SectionHeading>
                {sections.channels.length === 0 && <Empty text={t.noChannels} />}
                <Channels conversations={sections.channels} selected={selected} tabStop={tabStop} />
              </section>
            )}
            <section aria-labelledby="chats-heading">
              <SectionHeading id="chats-heading" title={t.chats}>
                <IconButton
                  needsServer
                  icon="plus"
                  label={t.newConversation}
                  onClick={() => openDialog('new')}
                  className="size-6"
                  iconClassName="size-4"
                />
              </SectionHeading>
              {sections.chats.length === 0 && <Empty text={t.noChats} />}
              <Chats conversations={chats} selected={selected} tabStop={tabStop} />
            </section>
          </div>
        )}
      </div>
    </nav>
  )
}

function SectionHeading({ id, title, children }: { id: string; title: string; children?: ReactNode }) {
  return (
    <div className="mt-2 mr-(--row-right) flex h-7 items-center pr-2 pl-4.5">
      <h2 id={id} className="flex-1 text-meta/4.5 font-semibold text-text3">
        {title}
      </h2>
      {children}
    </div>
  )
}

function Empty({ text }: { text: string }) {
  return <p className="px-4.5 py-1.5 text-secondary text-text3">{text}</p>
}

interface RowsProps {
  readonly conversations: readonly Conversation[]
  readonly selected: string | undefined
  /** The row that Tab reaches. */
  readonly tabStop: string | undefined
}

function Channels({ conversations, selected, tabStop }: RowsProps) {
  return conversations.map((conversation) => (
    <ChannelRow
      key={conversation.id}
      conversation={conversation}
      selected={conversation.id === selected}
      tabStop={conversation.id === tabStop}
    />
  ))
}

function Chats({ conversations, selected, tabStop }: RowsProps) {
  const t = useT(listText)
  const formats = useFormats()
  const now = useNow(TIME_REFRESH_MS)
  const [limit, setLimit] = useState(CHATS_STEP)
  const hidden = conversations.length - limit
  return (
    <>
      {conversations.slice(0, limit).map((conversation) => (
        <ChatRow
          key={conversation.id}
          conversation={conversation}
          selected={conversation.id === selected}
          tabStop={conversation.id === tabStop}
          time={formats.listTime(conversation.lastMessage?.at ?? conversation.createdAt, now)}
        />
      ))}
      {hidden > 0 && (
        <Button
          variant="ghost"
          size="small"
          onClick={() => setLimit(limit + CHATS_STEP)}
          className="mx-2 mt-1"
        >
          {t.showMore(Math.min(hidden, CHATS_STEP))}
        </Button>
      )}
    </>
  )
}

/** Rows keep 8 px at the right of which a classic scrollbar's gutter is part; an overlay one has none. */
function useGutter(scroller: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = scroller.current
    if (element !== null) {
      const gutter = element.offsetWidth - element.clientWidth
      element.style.setProperty('--row-right', `${Math.max(0, ROW_MARGIN - gutter)}px`)
    }
  }, [scroller])
}

/** One tab stop for all rows: arrows, Home and End move between them. */
function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const current = rows.indexOf(document.activeElement as HTMLElement)
  const target = {
    ArrowDown: rows[current + 1],
    ArrowUp: rows[current - 1],
    Home: rows[0],
    End: rows.at(-1),
  }[event.key]
  if (current !== -1 && target !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
    event.preventDefault()
    target.focus()
  }
}

import type { ConversationHandle, MessageItem } from '@tam/client'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useClient, useMe } from '../../hooks/use-client.tsx'
import { useIsMember } from '../../hooks/use-is-member.ts'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { usePlatform } from '../../hooks/use-platform.tsx'
import { useT } from '../../i18n/locale.tsx'
import { timelineText } from '../../i18n/timeline.ts'
import { useToast } from '../../hooks/use-toast.ts'
import { Icon } from '../../ui/icon.tsx'
import { createAttention } from './attention.ts'
import { copyText } from './copy-text.ts'
import { createNextFrame } from './frame.ts'
import { Announcements } from './parts/announcements.tsx'
import { DayPill, LatestButton, UnreadPill } from './parts/floating.tsx'
import { MessageSheet } from './parts/message-sheet.tsx'
import { RowList } from './parts/row-list.tsx'
import { RowActionsContext, type RowActions } from './row-context.tsx'
import { TimelineController } from './timeline-controller.ts'
import { useSwipeReply } from './use-swipe-reply.ts'
import './timeline.css'

/** The messages of a conversation; `seq` is centred when given. */
export function Timeline({ conversationId, seq }: { conversationId: string; seq?: number }) {
  const handle = useClient().conversation(conversationId)
  return <TimelineOf key={conversationId} handle={handle} seq={seq} />
}

function TimelineOf({ handle, seq }: { handle: ConversationHandle; seq: number | undefined }) {
  const t = useT(timelineText)
  const [attention] = useState(() => createAttention(window))
  const controller = useController(handle, attention)
  const view = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const swipeMark = useRef<HTMLSpanElement>(null)
  const onJumpFailed = useJumpFailed()
  const [sheet, setSheet] = useState<MessageItem>()
  const actions = useActions({ handle, controller, onJumpFailed, onSheet: setSheet })
  useMounted(controller, { view, content, seq, onJumpFailed })
  useSwipeReply({ content, mark: swipeMark }, controller, actions.reply)
  return (
    <section data-landmark="timeline" aria-label={t.region} tabIndex={-1} className="relative min-h-0 flex-1">
      <RowActionsContext value={actions}>
        <div ref={view} data-timeline-view="" className="timeline-view">
          <RowList controller={controller} contentRef={content} handle={handle} onJumpFailed={onJumpFailed} />
        </div>
        <span ref={swipeMark} hidden aria-hidden="true" className="swipe-mark">
          <Icon name="reply" />
        </span>
        {sheet !== undefined && <MessageSheet item={sheet} onClose={() => setSheet(undefined)} />}
      </RowActionsContext>
      <DayPill controller={controller} />
      <UnreadPill controller={controller} onJumpFailed={onJumpFailed} />
      <LatestButton controller={controller} onJumpFailed={onJumpFailed} />
      <Announcements conversationId={handle.id} attention={attention} />
    </section>
  )
}

function useController(
  handle: ConversationHandle,
  attention: ReturnType<typeof createAttention>,
): TimelineController {
  const client = useClient()
  const me = useMe().id
  const { clock, preferences, place } = usePlatform()
  const [controller] = useState(
    () =>
      new TimelineController({
        handle,
        me,
        clock,
        nextFrame: createNextFrame(window, clock),
        connection: client.connection,
        attention,
        openAt: preferences.openAt,
        place,
      }),
  )
  return controller
}

interface MountOptions {
  readonly view: { readonly current: HTMLElement | null }
  readonly content: { readonly current: HTMLElement | null }
  readonly seq: number | undefined
  readonly onJumpFailed: () => void
}

/** Begins before the first paint; a later change of `seq` (another link into the same conversation) jumps. */
function useMounted(
  controller: TimelineController,
  { view, content, seq, onJumpFailed }: MountOptions,
): void {
  const start = useRef(seq)
  useLayoutEffect(() => {
    if (view.current === null || content.current === null) {
      return undefined
    }
    return controller.mount(view.current, content.current, start.current)
  }, [controller, view, content])
  useEffect(() => {
    if (seq !== start.current) {
      start.current = seq
      if (seq !== undefined) {
        controller.jumpTo(seq).catch(onJumpFailed)
      }
    }
  }, [controller, seq, onJumpFailed])
}

function useJumpFailed(): () => void {
  const showToast = useToast()
  const t = useT(timelineText)
  return useCallback(() => showToast({ text: t.jumpFailed }), [showToast, t])
}

interface ActionsOptions {
  readonly handle: ConversationHandle
  readonly controller: TimelineController
  readonly onJumpFailed: () => void
  readonly onSheet: (item: MessageItem) => void
}

function useActions({ handle, controller, onJumpFailed, onSheet }: ActionsOptions): RowActions {
  const { drafts } = usePlatform()
  const { openCard } = useOverlays()
  const showToast = useToast()
  const t = useT(timelineText)
  const me = useMe().id
  const isMember = useIsMember(handle)
  return useMemo(
    () => ({
      me,
      observe: controller.observe,
      reply: ({ seq }) => drafts.setReply(handle.id, seq),
      copy: ({ text }) => void copyText(text).then((copied) => copied && showToast({ text: t.copied })),
      retry: isMember ? ({ cid }) => handle.retry(cid) : undefined,
      discard: ({ cid }) =>
        void handle.discard(cid).then((text) => text !== undefined && drafts.giveBack(handle.id, text)),
      jumpTo: (seq) => void controller.jumpTo(seq).catch(onJumpFailed),
      holdTop: (inside) => controller.holdTop(inside),
      showSheet: onSheet,
      showPerson: openCard,
    }),
    [me, isMember, controller, drafts, handle, onJumpFailed, onSheet, openCard, showToast, t],
  )
}

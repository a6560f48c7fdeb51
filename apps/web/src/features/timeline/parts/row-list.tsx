import { memo, useCallback, useMemo, useRef, type RefObject } from 'react'
import { useReadable } from '../../../hooks/use-readable.ts'
import { useT } from '../../../i18n/locale.tsx'
import { timelineText } from '../../../i18n/timeline.ts'
import type { ConversationHandle } from '@tam/client'
import { CommitGuard } from '../commit-guard.tsx'
import { isRun } from '../event-runs.logic.ts'
import { RowFocus } from '../row-focus.ts'
import type { Row } from '../rows.logic.ts'
import type { TimelineController } from '../timeline-controller.ts'
import { useCopiedMessages } from '../use-copied-messages.ts'
import { useRovingRows } from '../use-roving-rows.ts'
import { useToday } from '../use-today.ts'
import { EventRunRow } from './event-run-row.tsx'
import { Beginning } from './beginning.tsx'
import { EdgeLine } from './edge-line.tsx'
import { EventRow } from './event-row.tsx'
import { LoadFailed } from './load-failed.tsx'
import { MessageRow } from './message-row.tsx'
import { RowBoundary } from './row-boundary.tsx'
import { DaySeparator, UnreadSeparator } from './separators.tsx'
import { TimelineSkeleton } from './timeline-skeleton.tsx'

interface RowListProps {
  readonly controller: TimelineController
  readonly contentRef: RefObject<HTMLDivElement | null>
  readonly handle: ConversationHandle
  readonly onJumpFailed: () => void
}

/** The rows between the two edges. */
export const RowList = memo(function RowList({ controller, contentRef, handle, onJumpFailed }: RowListProps) {
  const list = useReadable(controller.list)
  const t = useT(timelineText)
  const now = useToday()
  const { activeKey, onKeyDown, onFocus } = useRovingRows(controller, list)
  const onCopy = useCopiedMessages(controller)
  const guard = useGuard(controller, contentRef)
  const reload = (): void => void controller.jumpToLatest().catch(onJumpFailed)
  return (
    <CommitGuard before={guard.before} after={guard.after}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/no-static-element-interactions -- keys of the rows inside, which have the focus */}
      <div
        ref={contentRef}
        tabIndex={-1}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        onCopy={onCopy}
        className="timeline-content"
      >
        {list.status === 'loading' && <TimelineSkeleton label={t.loading} />}
        {list.status === 'failed' && <LoadFailed t={t} onRetry={reload} />}
        {list.status === 'ready' && (
          <>
            {list.before === 'end' && <Beginning handle={handle} t={t} empty={list.rows.length === 0} />}
            <EdgeLine edge={list.before} t={t} onRetry={() => controller.retry('before')} />
            {list.rows.map((row) => (
              <OneRow
                key={row.key}
                row={row}
                now={now}
                active={row.key === activeKey}
                highlighted={row.key === list.highlighted}
              />
            ))}
            <EdgeLine edge={list.after} t={t} onRetry={() => controller.retry('after')} />
          </>
        )}
      </div>
    </CommitGuard>
  )
})

function useGuard(controller: TimelineController, contentRef: RefObject<HTMLDivElement | null>) {
  const focus = useRef<RowFocus>(undefined)
  const before = useCallback(() => {
    if (contentRef.current !== null) {
      focus.current ??= new RowFocus(contentRef.current)
      focus.current.before()
    }
    controller.beforeCommit()
  }, [controller, contentRef])
  const after = useCallback(() => {
    controller.afterCommit()
    focus.current?.after((key) => controller.row(key))
  }, [controller])
  return useMemo(() => ({ before, after }), [before, after])
}

interface OneRowProps {
  readonly row: Row
  readonly now: number
  readonly active: boolean
  readonly highlighted: boolean
}

/** Compared as a whole: of 120 rows an arrival should cost the comparison. */
const OneRow = memo(function OneRow(props: OneRowProps) {
  return (
    <RowBoundary fallback={<UnreadableRow row={props.row} />}>
      <RowOfKind {...props} />
    </RowBoundary>
  )
})

function RowOfKind({ row, now, active, highlighted }: OneRowProps) {
  switch (row.kind) {
    case 'day':
      return <DaySeparator at={row.at} now={now} />
    case 'divider':
      return <UnreadSeparator />
    case 'event':
      return isRun(row.item) ? (
        <EventRunRow item={row.item} active={active} />
      ) : (
        <EventRow item={row.item} active={active} />
      )
    case 'message':
      return <MessageRow row={row} active={active} highlighted={highlighted} />
  }
}

function UnreadableRow({ row }: { row: Row }) {
  const t = useT(timelineText)
  return (
    <article data-key={row.key} tabIndex={-1} className="message-row event-row">
      <span />
      <p>{t.unreadable}</p>
    </article>
  )
}

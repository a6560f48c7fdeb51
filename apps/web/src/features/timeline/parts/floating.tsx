import { useClock } from '../../../hooks/use-platform.tsx'
import { useReadable } from '../../../hooks/use-readable.ts'
import { useFormats, useT } from '../../../i18n/locale.tsx'
import { timelineText } from '../../../i18n/timeline.ts'
import { Icon } from '../../../ui/icon.tsx'
import { localDay } from '../rows.logic.ts'
import type { TimelineController } from '../timeline-controller.ts'

interface FloatingProps {
  readonly controller: TimelineController
  /** A jump that needed the server did not get there. */
  readonly onJumpFailed: () => void
}

/** The day of the top row while scrolling. Decorative: the separators say the same. */
export function DayPill({ controller }: { controller: TimelineController }) {
  const at = useReadable(controller.day.state)
  const formats = useFormats()
  const clock = useClock()
  return (
    <div
      aria-hidden="true"
      data-day-pill=""
      className={`pointer-events-none absolute top-2 left-1/2 z-2 -translate-x-1/2 rounded-full border border-border bg-raised px-3 py-0.5 text-meta font-semibold text-text2 shadow-float transition-opacity ${at === null ? 'opacity-0' : ''}`}
    >
      {at !== null && formats.day(at, clock.now())}
    </div>
  )
}

/** "↑ 12 tin chưa đọc từ 13:40": to the first unread message, or away with it. */
export function UnreadPill({ controller, onJumpFailed }: FloatingProps) {
  const { unreadAbove } = useReadable(controller.overlay)
  const t = useT(timelineText)
  const formats = useFormats()
  const clock = useClock()
  if (unreadAbove === null) {
    return null
  }
  const { count, at } = unreadAbove
  const since = at === null ? null : sinceText(at, clock.now(), formats)
  return (
    <div className="absolute top-2.5 left-1/2 z-3 flex -translate-x-1/2 rounded-full bg-accent text-secondary font-semibold whitespace-nowrap text-on-accent shadow-float">
      <button
        type="button"
        onClick={() => void controller.jumpToUnread().catch(onJumpFailed)}
        className="flex h-8 items-center gap-2 rounded-l-full pr-2 pl-3.5 hover:bg-accent-hover"
      >
        <Icon name="arrow-up" className="size-[15px]" />
        {since === null ? t.unreadAbove(count) : t.unreadSince(count, since)}
      </button>
      <button
        type="button"
        aria-label={t.markRead}
        data-tip={t.markRead}
        onClick={() => controller.dismissUnread()}
        className="grid h-8 w-8 place-items-center rounded-r-full pr-1 hover:bg-accent-hover"
      >
        <Icon name="close" className="size-[15px]" />
      </button>
    </div>
  )
}

function sinceText(at: string, now: number, formats: ReturnType<typeof useFormats>): string {
  return localDay(at) === localDay(now) ? formats.time(at) : formats.date(at)
}

/** "↓ 3": back to the live end. */
export function LatestButton({ controller, onJumpFailed }: FloatingProps) {
  const { below } = useReadable(controller.overlay)
  const t = useT(timelineText)
  if (below === null) {
    return null
  }
  return (
    <button
      type="button"
      aria-label={below === 0 ? t.toLatest : t.toLatestCount(below)}
      data-tip={t.toLatest}
      onClick={() => void controller.jumpToLatest().catch(onJumpFailed)}
      className="absolute right-5 bottom-3 z-2 grid size-10 place-items-center rounded-full border border-border bg-raised text-text2 shadow-float hover:bg-hover hover:text-text"
    >
      <Icon name="arrow-down" />
      {below > 0 && (
        <span className="absolute -top-2 left-1/2 min-w-5 -translate-x-1/2 rounded-full bg-accent px-1.5 text-center text-count font-semibold text-on-accent tabular-nums">
          {below > 99 ? '99+' : below}
        </span>
      )}
    </button>
  )
}

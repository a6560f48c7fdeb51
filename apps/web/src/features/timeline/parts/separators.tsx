import { memo } from 'react'
import { useFormats, useT } from '../../../i18n/locale.tsx'
import { timelineText } from '../../../i18n/timeline.ts'

/** The line where a day begins; `now` changes at midnight. */
export const DaySeparator = memo(function DaySeparator({ at, now }: { at: string; now: number }) {
  const label = useFormats().day(at, now)
  return (
    <div role="separator" aria-label={label} data-day="" className="row-separator text-text3">
      <span className="h-px flex-1 bg-border" />
      {label}
      <span className="h-px flex-1 bg-border" />
    </div>
  )
})

/** The line above the first unread message. */
export const UnreadSeparator = memo(function UnreadSeparator() {
  const t = useT(timelineText)
  return (
    <div
      role="separator"
      aria-label={t.newMessages}
      data-unread-line=""
      className="row-separator text-divider"
    >
      <span className="h-px flex-1 bg-divider" />
      <span className="unread-label">{t.newMessages}</span>
    </div>
  )
})

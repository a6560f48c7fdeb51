import { useState, type ReactNode } from 'react'
import type { TimelineText } from '../../../i18n/timeline.ts'
import { useRowActions } from '../row-context.tsx'

interface LongTextProps {
  readonly t: TimelineText
  readonly focusable: boolean
  readonly children: ReactNode
}

/** The beginning of a long message and a button for all of it; the top stays where it is. */
export function LongText({ t, focusable, children }: LongTextProps) {
  const { holdTop } = useRowActions()
  const [open, setOpen] = useState(false)
  return (
    <>
      <div className={open ? '' : 'long-text'}>{children}</div>
      <button
        type="button"
        aria-expanded={open}
        tabIndex={focusable ? 0 : -1}
        onClick={(event) => {
          holdTop(event.currentTarget)
          setOpen(!open)
        }}
        className="tap-target mt-1 rounded-chip text-secondary font-semibold text-accent-text hover:underline"
      >
        {open ? t.showLess : t.showMore}
      </button>
    </>
  )
}

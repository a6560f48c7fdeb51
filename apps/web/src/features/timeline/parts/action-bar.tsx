import type { MessageItem } from '@tam/client'
import type { TimelineText } from '../../../i18n/timeline.ts'
import { IconButton } from '../../../ui/button.tsx'
import { useRowActions } from '../row-context.tsx'

interface ActionBarProps {
  readonly item: MessageItem
  readonly author: string
  readonly t: TimelineText
  /** Below the row when there is no room above it. */
  readonly below: boolean
  /** False while only the pointer is there: Tab goes through the row that has the focus, and no other. */
  readonly focusable: boolean
}

/** Copy and reply, beside the row's edge so that its first line stays readable. */
export function ActionBar({ item, author, t, below, focusable }: ActionBarProps) {
  const { copy, reply } = useRowActions()
  const tabIndex = focusable ? 0 : -1
  return (
    <div
      role="group"
      aria-label={t.actions(author)}
      className={`absolute right-5 z-1 flex rounded-menu border border-border bg-raised p-0.5 shadow-float max-sm:right-3.5 ${below ? 'top-full -mt-px' : 'bottom-full -mb-px'}`}
    >
      <IconButton
        icon="copy"
        label={t.copyText}
        tabIndex={tabIndex}
        onClick={() => copy(item)}
        iconClassName="size-[18px]"
      />
      {item.seq !== null && (
        <IconButton
          icon="reply"
          label={t.reply}
          tabIndex={tabIndex}
          onClick={() => reply(item)}
          iconClassName="size-[18px]"
        />
      )}
    </div>
  )
}

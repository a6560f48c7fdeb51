import type { MessageItem } from '@tam/client'
import { useUser } from '../../../hooks/use-client.tsx'
import type { TimelineText } from '../../../i18n/timeline.ts'
import { Icon } from '../../../ui/icon.tsx'
import { useRowActions } from '../row-context.tsx'

interface QuoteProps {
  /** The original, null when it is not loaded. */
  readonly original: MessageItem | null
  readonly seq: number
  readonly t: TimelineText
  readonly focusable: boolean
}

/** The line above a reply: who and what it answers; a click shows the original. */
export function Quote({ original, seq, t, focusable }: QuoteProps) {
  const { me, jumpTo } = useRowActions()
  const author = useUser(original?.from ?? null)
  const name = original?.from === me ? t.you : (author?.name ?? t.someone)
  return (
    <button
      type="button"
      tabIndex={focusable ? 0 : -1}
      onClick={() => jumpTo(seq)}
      data-tip={t.showOriginal}
      className="-ml-1 flex max-w-full items-center gap-1.5 rounded-chip px-1 text-secondary text-text3 hover:text-text2 focus-visible:outline-offset-0"
    >
      <Icon name="reply" className="size-3.5" />
      {original === null ? (
        t.earlierMessage
      ) : (
        <>
          <span className="shrink-0 font-medium text-text2">{name}</span>
          <span className="line-cut isolate-text">{firstLine(original.text)}</span>
        </>
      )}
    </button>
  )
}

/** Enough for one line; a message of 16 KB need not stand in the DOM twice. */
function firstLine(text: string): string {
  return text.slice(0, 200).split('\n', 1)[0] ?? ''
}

import type { MessageItem } from '@tam/client'
import { useUser } from '../../../hooks/use-client.tsx'
import { useFormats, useT } from '../../../i18n/locale.tsx'
import { timelineText } from '../../../i18n/timeline.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Icon, type IconName } from '../../../ui/icon.tsx'
import { useRowActions } from '../row-context.tsx'

interface MessageSheetProps {
  readonly item: MessageItem
  readonly onClose: () => void
}

/** What can be done with a message, for fingers: rises from the bottom after a long press. */
export function MessageSheet({ item, onClose }: MessageSheetProps) {
  const t = useT(timelineText)
  const formats = useFormats()
  const name = useUser(item.from)?.name ?? t.someone
  const { copy, reply, retry, discard } = useRowActions()
  const act = (work: (item: MessageItem) => void) => () => {
    onClose()
    work(item)
  }
  const isFailed = item.state === 'failed'
  return (
    <Dialog title={t.actions(name)} bare shape="sheet" onClose={onClose} className="sm:w-[26rem]">
      <div className="border-b border-border px-5 pt-4 pb-3">
        <p className="line-cut isolate-text text-secondary font-semibold">
          {name} <span className="font-normal text-text3 tabular-nums">{formats.time(item.at)}</span>
        </p>
        <p dir="auto" className="line-cut mt-0.5 text-secondary text-text2">
          {item.text}
        </p>
      </div>
      <div className="overflow-y-auto px-2 pt-2 pb-[max(12px,env(safe-area-inset-bottom))]">
        {item.seq !== null && <SheetAction icon="reply" label={t.reply} onSelect={act(reply)} />}
        <SheetAction icon="copy" label={t.copyText} onSelect={act(copy)} />
        {isFailed && retry !== undefined && (
          <SheetAction icon="retry" label={t.retry} onSelect={act(retry)} />
        )}
        {isFailed && <SheetAction icon="trash" label={t.discard} onSelect={act(discard)} danger />}
      </div>
    </Dialog>
  )
}

interface SheetActionProps {
  readonly icon: IconName
  readonly label: string
  readonly danger?: boolean
  readonly onSelect: () => void
}

function SheetAction({ icon, label, danger = false, onSelect }: SheetActionProps) {
  return (
    <button
      type="button"
      onClick={onSelect}
      className={`flex h-12 w-full items-center gap-3.5 rounded-menu px-3 text-left text-message active:bg-text/7 ${danger ? 'text-danger-text' : ''}`}
    >
      <Icon name={icon} className={`size-5 ${danger ? '' : 'text-text2'}`} />
      {label}
    </button>
  )
}

import { useEffect, useEffectEvent } from 'react'
import { useAllRead, useConversations } from '../../hooks/use-all-read.tsx'
import { useT } from '../../i18n/locale.tsx'
import { shortcutsText } from '../../i18n/shortcuts.ts'
import { UNDO_MS } from '../../platform/all-read.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useToast } from '../../hooks/use-toast.ts'

/** Asks before everything counts as read; afterwards it can be taken back for a while. */
export function ConfirmAllRead({ onClose }: { onClose: () => void }) {
  const t = useT(shortcutsText)
  const toast = useToast()
  const allRead = useAllRead()
  const unread = useConversations()?.filter((one) => one.unread > 0).length ?? 0
  const tellNothing = useEffectEvent(() => {
    if (unread === 0) {
      onClose()
      toast({ text: t.nothingUnread })
    }
  })
  useEffect(() => tellNothing(), [])
  const confirm = () => {
    const count = allRead.mark()
    onClose()
    toast({
      text: t.allReadDone(count),
      action: { label: t.undo, onSelect: () => allRead.undo() },
      visibleMs: UNDO_MS,
      visibleWhile: allRead.undoable,
    })
  }
  return (
    <Confirm
      title={t.allReadTitle}
      text={t.allReadLead(unread)}
      action={t.allReadConfirm}
      tone="primary"
      busy={false}
      onConfirm={confirm}
      onClose={onClose}
    />
  )
}

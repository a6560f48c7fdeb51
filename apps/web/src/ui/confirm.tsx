import { commonText } from '../i18n/common.ts'
import { useT } from '../i18n/locale.tsx'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

interface ConfirmProps {
  readonly title: string
  readonly text: string
  /** What the dangerous button does, in words. */
  readonly action: string
  /** `primary` for what can be taken back. */
  readonly tone?: 'danger' | 'primary'
  /** False for what can be done during an outage. */
  readonly needsServer?: boolean
  readonly busy: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something; Enter at once does it only where it can be taken back. */
export function Confirm({
  title,
  text,
  action,
  tone = 'danger',
  needsServer = true,
  busy,
  onConfirm,
  onClose,
}: ConfirmProps) {
  const t = useT(commonText)
  return (
    <Dialog
      title={title}
      onClose={onClose}
      shape="card"
      className="w-[26rem]"
      footer={
        <>
          <Button variant="ghost" onClick={onClose} data-autofocus={tone === 'danger' || undefined}>
            {t.cancel}
          </Button>
          <Button
            variant={tone}
            needsServer={needsServer}
            busy={busy}
            onClick={onConfirm}
            data-autofocus={tone === 'primary' || undefined}
          >
            {action}
          </Button>
        </>
      }
    >
      <p className="px-5 pb-5 text-message text-text2">{text}</p>
    </Dialog>
  )
}

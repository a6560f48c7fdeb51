import type { MessageItem } from '@tam/client'
import type { TimelineText } from '../../../i18n/timeline.ts'
import { useRowActions } from '../row-context.tsx'

/** Under a message that was not stored: why, and what one can do. */
export function FailedLine({
  item,
  t,
  focusable,
}: {
  item: MessageItem
  t: TimelineText
  focusable: boolean
}) {
  const { retry, discard } = useRowActions()
  const reason = reasonText(item.error, { isMember: retry !== undefined, t })
  const tabIndex = focusable ? 0 : -1
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-2.5 text-secondary font-medium text-danger-text">
      {reason === undefined ? t.failed : t.because(reason)}
      <span className="flex gap-2.5">
        {retry !== undefined && (
          <button
            type="button"
            tabIndex={tabIndex}
            onClick={() => retry(item)}
            className="failed-action tap-target"
          >
            {t.retry}
          </button>
        )}
        <button
          type="button"
          tabIndex={tabIndex}
          onClick={() => discard(item)}
          className="failed-action tap-target"
        >
          {t.discard}
        </button>
      </span>
    </p>
  )
}

/** Under a message that cannot be sent before the failed one above it is dealt with. */
export function BehindFailedLine({ t }: { t: TimelineText }) {
  return <p className="text-secondary text-text3">{t.waitingBehind}</p>
}

/** Only reasons that help to decide between trying again and deleting. */
function reasonText(
  code: string | undefined,
  { isMember, t }: { isMember: boolean; t: TimelineText },
): string | undefined {
  switch (code) {
    case 'forbidden':
    case 'not_found':
      // Who has come back since is a member, and need not know why it was.
      return isMember ? undefined : t.reasonForbidden
    case 'payload_too_large':
      return t.reasonTooLong
    case 'storage_full':
      return t.reasonFull
    case 'invalid_request':
    case 'cid_conflict':
      return t.reasonRefused
    default:
      return undefined
  }
}

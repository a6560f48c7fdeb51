import type { TimelineText } from '../../../i18n/timeline.ts'
import { Icon, type IconName } from '../../../ui/icon.tsx'
import type { Delivery } from '../rows.logic.ts'

const MARKS: Record<Delivery, { readonly icon: IconName | null; readonly className: string }> = {
  // A quick answer shows no clock at all.
  waiting: { icon: 'clock', className: 'mark-late text-text3' },
  sending: { icon: 'clock', className: 'mark-late text-text3' },
  failed: { icon: 'alert', className: 'text-danger-text' },
  sent: { icon: 'check', className: 'text-text3' },
  'seen-by-some': { icon: 'check-double', className: 'text-text3' },
  'seen-by-all': { icon: 'check-double', className: 'text-accent-text' },
}

export function deliveryText(delivery: Delivery, t: TimelineText): string {
  switch (delivery) {
    case 'waiting':
      return t.waiting
    case 'sending':
      return t.sending
    case 'failed':
      return t.failed
    case 'sent':
      return t.sent
    case 'seen-by-some':
      return t.seenBySome
    case 'seen-by-all':
      return t.seenByAll
  }
}

/** Clock, ✓, ✓✓ behind an own message. Every state takes the same room, so nothing shifts between them. */
export function DeliveryMark({ delivery, t }: { delivery: Delivery; t: TimelineText }) {
  const { icon, className } = MARKS[delivery]
  const label = deliveryText(delivery, t)
  return (
    <span role="img" aria-label={label} title={label} data-delivery={delivery} className="delivery-mark">
      {icon !== null && <Icon name={icon} className={`size-[15px] ${className}`} />}
    </span>
  )
}

import type { TimelineText } from '../../../i18n/timeline.ts'
import { Button } from '../../../ui/button.tsx'

/** Nothing could be loaded at all. */
export function LoadFailed({ t, onRetry }: { t: TimelineText; onRetry: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-5 py-16 text-text2">
      {t.loadFailed}
      <Button icon="retry" onClick={onRetry}>
        {t.retry}
      </Button>
    </div>
  )
}

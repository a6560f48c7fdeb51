import type { TimelineText } from '../../../i18n/timeline.ts'
import { Spinner } from '../../../ui/spinner.tsx'
import type { Edge } from '../view-state.ts'

interface EdgeLineProps {
  readonly edge: Edge
  readonly t: TimelineText
  readonly onRetry: () => void
}

/** What stands where more messages come in: room for a spinner, or what went wrong and how to try again. */
export function EdgeLine({ edge, t, onRetry }: EdgeLineProps) {
  if (edge === 'end') {
    return null
  }
  return (
    <div className="flex h-12 items-center justify-center gap-2 text-secondary text-text2" data-edge={edge}>
      {edge === 'loading' && (
        <span role="status" aria-label={t.loading} className="late text-text3">
          <Spinner />
        </span>
      )}
      {edge === 'failed' && (
        <>
          <span role="alert">{t.loadFailed}</span>
          <button
            type="button"
            onClick={onRetry}
            className="rounded-chip px-1 font-semibold text-accent-text underline underline-offset-3"
          >
            {t.retry}
          </button>
        </>
      )}
    </div>
  )
}

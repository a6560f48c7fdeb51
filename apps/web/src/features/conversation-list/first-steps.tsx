import { useOverlays } from '../../hooks/use-overlays.tsx'
import { listText } from '../../i18n/list.ts'
import { useT } from '../../i18n/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** For somebody without any conversation yet. */
export function FirstSteps() {
  const t = useT(listText)
  const { openDialog } = useOverlays()
  return (
    <EmptyState
      title={t.emptyTitle}
      text={t.emptyLead}
      action={
        <Button variant="primary" needsServer icon="compose" onClick={() => openDialog('new')}>
          {t.findPeople}
        </Button>
      }
    />
  )
}

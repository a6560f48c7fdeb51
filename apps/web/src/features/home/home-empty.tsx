import { useClient, useMe } from '../../hooks/use-client.tsx'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { listText } from '../../i18n/list.ts'
import { useT } from '../../i18n/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FirstSteps } from '../conversation-list/first-steps.tsx'
import { callName } from '../timeline/call-name.logic.ts'

/** Beside the list when no conversation is open. */
export function HomeEmpty() {
  const t = useT(listText)
  const me = useMe()
  const conversations = useReadable(useClient().conversations)
  const { openDialog } = useOverlays()
  return (
    <main aria-label={t.home} data-landmark="timeline" tabIndex={-1} className="h-full">
      {conversations?.length === 0 && <FirstSteps />}
      {conversations !== undefined && conversations.length > 0 && (
        <EmptyState
          title={t.welcome(callName(me.name))}
          text={t.welcomeLead}
          action={
            <Button variant="primary" needsServer icon="compose" onClick={() => openDialog('new')}>
              {t.newConversation}
            </Button>
          }
        />
      )}
    </main>
  )
}

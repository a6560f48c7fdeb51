import { useMe } from '../../hooks/use-client.tsx'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { useStartDirect } from '../../hooks/use-start-direct.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { listText } from '../../i18n/list.ts'
import { useT } from '../../i18n/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { HidePresence } from '../people/hide-presence.tsx'
import { PersonDetails } from './person-details.tsx'

/** One member, over the list of all: who it is, with a way to write to them. */
export function PersonPanel({ id }: { id: string }) {
  const t = useT(conversationText)
  const list = useT(listText)
  const me = useMe()
  const { openDialog, closePanels } = useOverlays()
  const { busy, isThere, startDirect } = useStartDirect()
  const write = async () => {
    if (await startDirect(id)) {
      closePanels()
    }
  }
  return (
    <PersonDetails id={id}>
      {id === me.id ? (
        <Button icon="person" onClick={() => openDialog('profile')}>
          {list.profile}
        </Button>
      ) : (
        <>
          <Button
            variant="primary"
            icon="chat"
            needsServer={!isThere(id)}
            busy={busy}
            onClick={() => void write()}
          >
            {t.message}
          </Button>
          <HidePresence id={id} />
        </>
      )}
    </PersonDetails>
  )
}

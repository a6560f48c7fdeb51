import { lazy, Suspense, useEffect } from 'react'
import { useClock } from '../../hooks/use-platform.tsx'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { PersonCard } from '../people/person-card.tsx'
import { Switcher } from '../switcher/switcher.tsx'

const importNew = () => import('../new-conversation/new-conversation.tsx')
const importBrowse = () => import('../channels/browse-channels.tsx')
const importShortcuts = () => import('../shortcuts/shortcut-sheet.tsx')
const importAllRead = () => import('../all-read/confirm-all-read.tsx')
const importProfile = () => import('../profile/profile.tsx')
const NewConversation = lazy(async () => ({ default: (await importNew()).NewConversation }))
const BrowseChannels = lazy(async () => ({ default: (await importBrowse()).BrowseChannels }))
const ShortcutSheet = lazy(async () => ({ default: (await importShortcuts()).ShortcutSheet }))
const ConfirmAllRead = lazy(async () => ({ default: (await importAllRead()).ConfirmAllRead }))
const Profile = lazy(async () => ({ default: (await importProfile()).Profile }))

/** The rare dialogs load on demand, or a while after start so that the first click does not wait. */
const PREFETCH_AFTER_MS = 4_000

/** Everything that opens over the panes. The switcher is always at hand: what is typed right after its key is kept. */
export function Layers() {
  const overlays = useOverlays()
  const clock = useClock()
  const dialog = useReadable(overlays.dialog)
  const card = useReadable(overlays.card)
  useEffect(
    () =>
      clock.after(
        PREFETCH_AFTER_MS,
        () =>
          void Promise.allSettled([
            importNew(),
            importBrowse(),
            importProfile(),
            importShortcuts(),
            importAllRead(),
          ]),
      ),
    [clock],
  )
  return (
    <>
      {dialog === 'switcher' && <Switcher onClose={overlays.closeDialog} />}
      {card !== null && (
        <PersonCard key={card.user} id={card.user} anchor={card.anchor} onClose={overlays.closeCard} />
      )}
      <Suspense fallback={null}>
        {dialog === 'new' && <NewConversation onClose={overlays.closeDialog} />}
        {dialog === 'browse' && <BrowseChannels onClose={overlays.closeDialog} />}
        {dialog === 'shortcuts' && <ShortcutSheet onClose={overlays.closeDialog} />}
        {dialog === 'all-read' && <ConfirmAllRead onClose={overlays.closeDialog} />}
        {dialog === 'profile' && <Profile onClose={overlays.closeDialog} />}
      </Suspense>
    </>
  )
}

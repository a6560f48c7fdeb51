import { usePlatform } from '../../../hooks/use-platform.tsx'
import { useReadable } from '../../../hooks/use-readable.ts'
import { useOverlays } from '../../../hooks/use-overlays.tsx'
import { shortcutsText } from '../../../i18n/shortcuts.ts'
import { Button } from '../../../ui/button.tsx'
import { useT } from '../../../i18n/locale.tsx'
import { profileText } from '../../../i18n/profile.ts'
import { commandKey } from '../../../platform/keyboard.ts'
import { Segments } from '../../../ui/segments.tsx'

/** How conversations open and which key sends; each applies at once, on this device. */
export function Reading() {
  const t = useT(profileText)
  const { openAt, sendKey } = usePlatform().preferences
  return (
    <div className="grid grid-cols-1 gap-4">
      <div>
        <p className="mb-1.5 text-secondary font-medium text-text2">{t.openAt}</p>
        <Segments
          label={t.openAt}
          value={useReadable(openAt)}
          onChange={openAt.set}
          options={[
            { value: 'newest', label: t.openAtNewest },
            { value: 'left-off', label: t.openAtLeftOff },
          ]}
        />
        <p className="mt-1.5 text-secondary text-text3">{t.openAtHint}</p>
      </div>
      <div>
        <p className="mb-1.5 text-secondary font-medium text-text2">{t.sendKey}</p>
        <Segments
          label={t.sendKey}
          value={useReadable(sendKey)}
          onChange={sendKey.set}
          options={[
            { value: 'enter', label: 'Enter' },
            { value: 'mod-enter', label: commandKey('Enter') },
          ]}
        />
        <ShowShortcuts />
      </div>
    </div>
  )
}

/** The keys are for people who have them. */
function ShowShortcuts() {
  const t = useT(shortcutsText)
  const { openDialog } = useOverlays()
  return (
    <Button
      size="small"
      variant="ghost"
      icon="keyboard"
      onClick={() => openDialog('shortcuts')}
      className="mt-2 -ml-2 pointer-coarse:hidden"
    >
      {t.open}
    </Button>
  )
}

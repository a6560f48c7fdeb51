import { usePresenceSettings } from '../../../hooks/use-presence-settings.ts'
import { useT } from '../../../i18n/locale.tsx'
import { profileText } from '../../../i18n/profile.ts'
import { Switch } from '../../../ui/switch.tsx'

/** Do not disturb, and whether anybody sees that one is here; each applies at once. */
export function Availability() {
  return (
    <div className="grid grid-cols-1 gap-4">
      <DoNotDisturb />
      <ShowPresence />
    </div>
  )
}

function DoNotDisturb() {
  const t = useT(profileText)
  const { settings, change } = usePresenceSettings()
  return (
    <Switch
      label={t.dnd}
      description={t.dndAbout}
      needsServer
      checked={settings.dnd}
      onChange={(dnd) => void change({ dnd })}
    />
  )
}

function ShowPresence() {
  const t = useT(profileText)
  const { settings, change } = usePresenceSettings()
  return (
    <Switch
      label={t.showPresence}
      description={t.showPresenceAbout}
      needsServer
      checked={settings.visibility === 'contacts'}
      onChange={(isShown) => void change({ visibility: isShown ? 'contacts' : 'nobody' })}
    />
  )
}

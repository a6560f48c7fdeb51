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
  const { settings, problem, change } = usePresenceSettings()
  return (
    <Switch
      label={t.dnd}
      description={t.dndAbout}
      needsServer
      checked={settings.dnd}
      problem={problem}
      onChange={(dnd) => change({ dnd })}
    />
  )
}

function ShowPresence() {
  const t = useT(profileText)
  const { settings, problem, change } = usePresenceSettings()
  return (
    <Switch
      label={t.showPresence}
      description={t.showPresenceAbout}
      needsServer
      checked={settings.visibility === 'contacts'}
      problem={problem}
      onChange={(isShown) => change({ visibility: isShown ? 'contacts' : 'nobody' })}
    />
  )
}

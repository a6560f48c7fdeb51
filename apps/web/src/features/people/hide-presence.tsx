import { usePresenceSettings } from '../../hooks/use-presence-settings.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { Button } from '../../ui/button.tsx'
import { SettingProblem } from '../../ui/setting-problem.tsx'

/** Whether this person may see one's status; not asked where nobody may. */
export function HidePresence({ id }: { id: string }) {
  const t = useT(conversationText)
  const { settings, problem, change } = usePresenceSettings()
  if (settings.visibility === 'nobody') {
    return null
  }
  const { hiddenFrom } = settings
  const isHidden = hiddenFrom.includes(id)
  const toggle = () =>
    change({ hiddenFrom: isHidden ? hiddenFrom.filter((other) => other !== id) : [...hiddenFrom, id] })
  return (
    <>
      <Button variant="ghost" size="small" needsServer className="mt-2 w-full" onClick={toggle}>
        {isHidden ? t.showPresence : t.hidePresence}
      </Button>
      <SettingProblem text={problem} />
    </>
  )
}

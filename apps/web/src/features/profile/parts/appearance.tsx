import { useCallback } from 'react'
import { useClient } from '../../../hooks/use-client.tsx'
import { usePlatform } from '../../../hooks/use-platform.tsx'
import { useSetting } from '../../../hooks/use-setting.ts'
import { useReadable } from '../../../hooks/use-readable.ts'
import type { Locale } from '../../../i18n/define.ts'
import { profileText } from '../../../i18n/profile.ts'
import { useLocale, useT } from '../../../i18n/locale.tsx'
import { Segments } from '../../../ui/segments.tsx'
import { SettingProblem } from '../../../ui/setting-problem.tsx'

/** Theme and language; each applies at once. */
export function Appearance() {
  const t = useT(profileText)
  const { theme: state } = usePlatform().preferences
  const theme = useReadable(state)
  const { rest } = useClient()
  const { locale, setLocale } = useLocale()
  const keep = useCallback((patch: { locale?: Locale }) => rest.patchMe(patch), [rest])
  const { problem, choose } = useSetting<{ locale: Locale }>(keep)
  const chooseLocale = async (next: Locale) => {
    setLocale(next)
    if (!(await choose({ locale: next }))) {
      setLocale(locale)
    }
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <div>
        <p className="mb-1.5 text-secondary font-medium text-text2">{t.theme}</p>
        <Segments
          label={t.theme}
          value={theme}
          onChange={state.set}
          options={[
            { value: 'system', label: t.themeSystem, icon: 'device' },
            { value: 'light', label: t.themeLight, icon: 'sun' },
            { value: 'dark', label: t.themeDark, icon: 'moon' },
          ]}
        />
      </div>
      <div>
        <p className="mb-1.5 text-secondary font-medium text-text2">{t.language}</p>
        <Segments
          label={t.language}
          value={locale}
          needsServer
          onChange={(next) => void chooseLocale(next)}
          options={[
            { value: 'vi', label: 'Tiếng Việt' },
            { value: 'en', label: 'English' },
          ]}
        />
        <SettingProblem text={problem} />
      </div>
    </div>
  )
}

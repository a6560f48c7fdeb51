import { useEffect } from 'react'
import { useClient } from '../hooks/use-client.tsx'
import { usePlatform } from '../hooks/use-platform.tsx'
import { useReadable } from '../hooks/use-readable.ts'

/** The account's language is the one shown while signed in, on every device. */
export function useAccountLocale(): void {
  const session = useReadable(useClient().session.state)
  const { preferences } = usePlatform()
  const locale = session.status === 'signed-in' ? session.me.locale : undefined
  useEffect(() => {
    if (locale !== undefined) {
      preferences.locale.set(locale)
    }
  }, [locale, preferences])
}

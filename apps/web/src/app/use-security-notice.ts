import { useEffect } from 'react'
import { useClient } from '../hooks/use-client.tsx'
import { useT } from '../i18n/locale.tsx'
import { profileText } from '../i18n/profile.ts'
import { useToast } from '../ui/toast.tsx'

/** Says so when a login of one's own was ended because somebody else may have had it. */
export function useSecurityNotice(): void {
  const client = useClient()
  const toast = useToast()
  const t = useT(profileText)
  useEffect(
    () =>
      client.on('security', ({ device }) => {
        toast({ text: t.loginEnded(device === '' ? t.unknownDevice : device) })
      }),
    [client, toast, t],
  )
}

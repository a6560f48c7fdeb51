import { useEffect } from 'react'
import { useClient } from '../hooks/use-client.tsx'
import { useT } from '../i18n/locale.tsx'
import { securityText } from '../i18n/security.ts'
import { useToast } from '../hooks/use-toast.ts'

/** Says so when a login of one's own was ended because somebody else may have had it. */
export function useSecurityNotice(): void {
  const client = useClient()
  const toast = useToast()
  const t = useT(securityText)
  useEffect(
    () =>
      client.on('security', ({ device }) => {
        toast({ text: t.loginEnded(device === '' ? t.unknownDevice : device) })
      }),
    [client, toast, t],
  )
}

import { useState } from 'react'
import { useAction } from '../../../hooks/use-action.ts'
import { useClient } from '../../../hooks/use-client.tsx'
import { usePlatform, useRouter } from '../../../hooks/use-platform.tsx'
import { useReadable } from '../../../hooks/use-readable.ts'
import { profileText } from '../../../i18n/profile.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Button } from '../../../ui/button.tsx'
import { Confirm } from '../../../ui/confirm.tsx'

/** Signs out of this device, after asking: what is kept here goes, also while no server answers. */
export function SignOut() {
  const t = useT(profileText)
  const { session } = useClient()
  const router = useRouter()
  const isReachable = useReadable(usePlatform().reachable)
  const { busy, run } = useAction()
  const [asking, setAsking] = useState(false)
  const signOut = () =>
    run(async () => {
      await session.logout()
      router.go({ name: 'home' }, { replace: true })
    })
  return (
    <>
      <Button variant="ghost-danger" icon="logout" onClick={() => setAsking(true)}>
        {t.signOut}
      </Button>
      {asking && (
        <Confirm
          title={t.signOutTitle}
          text={isReachable ? t.signOutLead : `${t.signOutLead} ${t.signOutOffline}`}
          action={t.signOut}
          needsServer={false}
          busy={busy}
          onConfirm={() => void signOut()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

import type { Login } from '@tam/protocol'
import { useCallback, useEffect, useState } from 'react'
import { useAction } from '../../../hooks/use-action.ts'
import { useClient } from '../../../hooks/use-client.tsx'
import { useNow } from '../../../hooks/use-now.ts'
import { commonText } from '../../../i18n/common.ts'
import { profileText } from '../../../i18n/profile.ts'
import { securityText } from '../../../i18n/security.ts'
import { useFormats, useT } from '../../../i18n/locale.tsx'
import { Button } from '../../../ui/button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { useToast } from '../../../hooks/use-toast.ts'

/** Where one is signed in, with a way to end each. */
export function Devices() {
  const t = useT(profileText)
  const common = useT(commonText)
  const { rest } = useClient()
  const [logins, setLogins] = useState<readonly Login[] | 'failed'>()
  const load = useCallback(() => {
    rest.logins().then(setLogins, () => setLogins('failed'))
  }, [rest])
  useEffect(load, [load])
  if (logins === undefined) {
    return <Skeleton className="h-13" />
  }
  if (logins === 'failed') {
    return (
      <p className="flex items-center gap-3 text-list text-text2">
        {t.devicesFailed}
        <Button size="small" onClick={load}>
          {common.retry}
        </Button>
      </p>
    )
  }
  return (
    <ul className="-mx-2">
      {logins.map((login) => (
        <Device key={login.id} login={login} onRevoked={load} />
      ))}
    </ul>
  )
}

function Device({ login, onRevoked }: { login: Login; onRevoked: () => void }) {
  const t = useT(profileText)
  const security = useT(securityText)
  const formats = useFormats()
  const now = useNow(60_000)
  const { rest } = useClient()
  const toast = useToast()
  const { busy, run } = useAction()
  const device = login.device === '' ? security.unknownDevice : login.device
  const revoke = async () => {
    if (await run(() => rest.revokeLogin(login.id))) {
      toast({ text: t.revoked })
      onRevoked()
    }
  }
  return (
    <li className="flex min-h-13 items-center gap-3 px-2 py-1">
      <Icon name="device" className="size-5 text-text2" />
      <div className="min-w-0 flex-1">
        <p className="line-cut isolate-text text-list font-medium">{device}</p>
        <p className={`text-meta ${login.current ? 'text-success-text' : 'text-text3'}`}>
          {login.current ? t.thisDevice : t.lastUsed(formats.relative(login.lastUsedAt, now))}
        </p>
      </div>
      {!login.current && (
        <Button
          size="small"
          needsServer
          busy={busy}
          aria-label={t.revokeLabel(device)}
          onClick={() => void revoke()}
        >
          {t.revoke}
        </Button>
      )}
    </li>
  )
}

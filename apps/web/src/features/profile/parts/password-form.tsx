import { TamError } from '@tam/client'
import { PASSWORD_MIN } from '@tam/protocol/limits'
import { useState, type SubmitEvent } from 'react'
import { useClient, useMe } from '../../../hooks/use-client.tsx'
import { authText } from '../../../i18n/auth.ts'
import { describeError } from '../../../i18n/describe-error.ts'
import { errorText } from '../../../i18n/errors.ts'
import { profileText } from '../../../i18n/profile.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Button } from '../../../ui/button.tsx'
import { useToast } from '../../../hooks/use-toast.ts'
import { checkPassword } from '../../auth/auth.logic.ts'
import { PasswordField } from '../../auth/parts/password-field.tsx'

interface Problems {
  readonly current?: string
  readonly next?: string
}

/** Changes the password, knowing the old one. */
export function PasswordForm() {
  const t = useT(profileText)
  const passwords = useT(authText)
  const errors = useT(errorText)
  const { rest } = useClient()
  const me = useMe()
  const toast = useToast()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [problems, setProblems] = useState<Problems>({})
  const [busy, setBusy] = useState(false)

  const check = (): Problems => {
    const problem = checkPassword(next, passwords)
    return {
      ...(current === '' && { current: t.needPassword }),
      ...(problem !== undefined && { next: problem }),
    }
  }
  const send = async () => {
    setBusy(true)
    try {
      await rest.changePassword({ current, password: next })
      setCurrent('')
      setNext('')
      toast({ text: t.passwordChanged })
    } catch (error) {
      if (error instanceof TamError && error.code === 'invalid_credentials') {
        setProblems({ current: errors.wrongPassword })
      } else if (error instanceof TamError && error.code === 'common_password') {
        setProblems({ next: errors.commonPassword })
      } else {
        toast({ text: describeError(error, errors) })
      }
    } finally {
      setBusy(false)
    }
  }
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const found = check()
    setProblems(found)
    const first = Object.keys(found)[0]
    if (first !== undefined) {
      event.currentTarget.querySelector<HTMLElement>(`[name=${first}]`)?.focus()
    } else if (!busy) {
      void send()
    }
  }
  return (
    <form noValidate onSubmit={onSubmit} className="grid grid-cols-1 gap-4">
      {/* Tells password managers whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={me.username} readOnly hidden />
      <PasswordField
        label={t.currentPassword}
        name="current"
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
        error={problems.current}
      />
      <PasswordField
        label={t.newPassword}
        name="next"
        autoComplete="new-password"
        value={next}
        onChange={(event) => setNext(event.target.value)}
        error={problems.next}
        hint={t.newPasswordHint(PASSWORD_MIN)}
      />
      <div className="flex justify-end">
        <Button type="submit" needsServer icon="key" busy={busy}>
          {t.changePassword}
        </Button>
      </div>
    </form>
  )
}

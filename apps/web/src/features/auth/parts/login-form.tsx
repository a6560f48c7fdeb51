import { useState } from 'react'
import { useClient } from '../../../hooks/use-client.tsx'
import { useReadable } from '../../../hooks/use-readable.ts'
import { authText } from '../../../i18n/auth.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { Link } from '../../../ui/link.tsx'
import { checkLogin } from '../auth.logic.ts'
import { useSubmit } from '../use-submit.ts'
import { FormAlert } from './form-alert.tsx'
import { PasswordField } from './password-field.tsx'

export function LoginForm() {
  const t = useT(authText)
  const { session } = useClient()
  const state = useReadable(session.state)
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const { outcome, busy, onSubmit } = useSubmit(
    () => checkLogin({ login, password }, t),
    () => session.login({ login: login.trim(), password }),
  )
  const reason = state.status === 'signed-out' ? state.reason : undefined
  const signedOut =
    reason === undefined ? undefined : reason === 'revoked' ? t.signedOutRevoked : t.signedOutExpired
  const alert = outcome.alert ?? signedOut
  return (
    <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
      {alert !== undefined && <FormAlert text={alert} />}
      <TextField
        label={t.login}
        name="login"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is this form
        autoFocus
        required
        value={login}
        onChange={(event) => setLogin(event.target.value)}
        error={outcome.fields.login}
      />
      <PasswordField
        label={t.password}
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={outcome.fields.password}
      />
      <Button type="submit" variant="primary" size="large" busy={busy} className="mt-2 w-full">
        {t.signIn}
      </Button>
      <p className="text-center text-list text-text2">
        {t.noAccount}{' '}
        <Link
          to={{ name: 'register' }}
          className="tap-target font-medium text-accent-text underline-offset-3 hover:underline"
        >
          {t.signUp}
        </Link>
      </p>
    </form>
  )
}

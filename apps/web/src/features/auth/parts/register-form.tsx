import { PASSWORD_MIN } from '@tam/protocol/limits'
import { useState } from 'react'
import { useClient } from '../../../hooks/use-client.tsx'
import { authText } from '../../../i18n/auth.ts'
import { useLocale, useT } from '../../../i18n/locale.tsx'
import { Button } from '../../../ui/button.tsx'
import { Link } from '../../../ui/link.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { checkRegistration, suggestUsername } from '../auth.logic.ts'
import { useSubmit } from '../use-submit.ts'
import { FormAlert } from './form-alert.tsx'
import { PasswordField } from './password-field.tsx'

export function RegisterForm() {
  const t = useT(authText)
  const { locale } = useLocale()
  const { session } = useClient()
  const [name, setName] = useState('')
  // Undefined until the person types one of their own: then it follows the name.
  const [ownUsername, setOwnUsername] = useState<string>()
  const [password, setPassword] = useState('')
  const username = ownUsername ?? suggestUsername(name)
  const { outcome, busy, onSubmit } = useSubmit(
    () => checkRegistration({ name, username, password }, t),
    () => session.register({ name: name.trim(), username: username.trim().toLowerCase(), password, locale }),
  )
  return (
    <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4">
      {outcome.alert !== undefined && <FormAlert text={outcome.alert} />}
      <TextField
        label={t.name}
        name="name"
        autoComplete="name"
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is this form
        autoFocus
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={outcome.fields.name}
        hint={t.nameHint}
      />
      <TextField
        label={t.username}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={username}
        onChange={(event) => setOwnUsername(event.target.value)}
        error={outcome.fields.username}
        hint={t.usernameHint}
      />
      <PasswordField
        label={t.password}
        name="password"
        autoComplete="new-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={outcome.fields.password}
        hint={t.passwordHint(PASSWORD_MIN)}
      />
      <Button type="submit" variant="primary" size="large" busy={busy} className="mt-2 w-full">
        {t.signUp}
      </Button>
      <p className="text-center text-list text-text2">
        {t.haveAccount}{' '}
        <Link
          to={{ name: 'login' }}
          className="tap-target font-medium text-accent-text underline-offset-3 hover:underline"
        >
          {t.signIn}
        </Link>
      </p>
    </form>
  )
}

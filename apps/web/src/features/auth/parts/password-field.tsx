import { useState, type ComponentProps, type KeyboardEvent } from 'react'
import { authText } from '../../../i18n/auth.ts'
import { useT } from '../../../i18n/locale.tsx'
import { IconButton } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/text-field.tsx'

type PasswordFieldProps = Omit<ComponentProps<typeof TextField>, 'type' | 'trailing'>

/** A password that can be looked at, with a warning while Caps Lock is on. */
export function PasswordField(props: PasswordFieldProps) {
  const t = useT(authText)
  const [shown, setShown] = useState(false)
  const [capsLock, setCapsLock] = useState(false)
  const watchCapsLock = (event: KeyboardEvent) => setCapsLock(event.getModifierState('CapsLock'))
  return (
    <div>
      <TextField
        {...props}
        type={shown ? 'text' : 'password'}
        spellCheck={false}
        autoCapitalize="none"
        onKeyDown={watchCapsLock}
        onKeyUp={watchCapsLock}
        trailing={
          <IconButton
            icon={shown ? 'eye-off' : 'eye'}
            label={shown ? t.hidePassword : t.showPassword}
            onClick={() => setShown(!shown)}
          />
        }
      />
      {/* Beside the hint or the error: it often explains the error. */}
      <output className="mt-1.5 block text-secondary text-warn-text empty:hidden">
        {capsLock ? t.capsLock : ''}
      </output>
    </div>
  )
}

import { BIO_MAX, NAME_MAX, STATUS_MAX } from '@tam/protocol/limits'
import { useState } from 'react'
import { useAction } from '../../../hooks/use-action.ts'
import { useClient, useMe } from '../../../hooks/use-client.tsx'
import { useEdits } from '../../../hooks/use-edits.ts'
import { commonText } from '../../../i18n/common.ts'
import { profileText } from '../../../i18n/profile.ts'
import { useT } from '../../../i18n/locale.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextAreaField, TextField } from '../../../ui/text-field.tsx'
import { useToast } from '../../../hooks/use-toast.ts'

/** Name, status and a few words about oneself. */
export function ProfileForm() {
  const t = useT(profileText)
  const common = useT(commonText)
  const me = useMe()
  const { rest } = useClient()
  const toast = useToast()
  const { busy, run } = useAction()
  const { values, changes, set, reset } = useEdits({ name: me.name, status: me.status, bio: me.bio })
  const [error, setError] = useState<string>()
  const changed = Object.keys(changes).length > 0
  const save = async () => {
    if (changes.name === '') {
      setError(t.needName)
      return
    }
    setError(undefined)
    if (await run(() => rest.patchMe(changes))) {
      reset()
      toast({ text: t.saved })
    }
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      className="space-y-4"
    >
      <TextField
        label={t.name}
        autoComplete="name"
        maxLength={NAME_MAX}
        value={values.name}
        onChange={(event) => set('name', event.target.value)}
        error={error}
      />
      <TextField
        label={t.status}
        placeholder={t.statusExample}
        autoComplete="off"
        maxLength={STATUS_MAX}
        value={values.status}
        onChange={(event) => set('status', event.target.value)}
      />
      <TextAreaField
        label={t.bio}
        hint={t.bioHint(BIO_MAX)}
        maxLength={BIO_MAX}
        value={values.bio}
        onChange={(event) => set('bio', event.target.value)}
      />
      <div className="flex justify-end">
        <Button type="submit" needsServer variant="primary" disabled={!changed && !busy} busy={busy}>
          {busy ? common.saving : common.save}
        </Button>
      </div>
    </form>
  )
}

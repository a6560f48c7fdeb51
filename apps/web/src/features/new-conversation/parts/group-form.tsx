import type { User } from '@tam/protocol'
import { TITLE_MAX } from '@tam/protocol/limits'
import { useState } from 'react'
import { useT } from '../../../i18n/locale.tsx'
import { switcherText } from '../../../i18n/switcher.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { PeoplePicker } from '../../people/people-picker.tsx'
import { useCreate } from '../use-create.ts'

export function GroupForm({ onDone }: { onDone: () => void }) {
  const t = useT(switcherText)
  const [title, setTitle] = useState('')
  const [chosen, setChosen] = useState<readonly User[]>([])
  const { busy, titleError, submit } = useCreate(onDone)
  return (
    <form
      noValidate
      onSubmit={(event) =>
        submit(event, title, (named) => ({
          kind: 'group',
          title: named,
          memberIds: chosen.map(({ id }) => id),
        }))
      }
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="min-h-0 flex-1 space-y-4 overflow-y-auto px-5 pb-4">
        <TextField
          label={t.groupTitle}
          name="title"
          placeholder={t.groupTitleExample}
          maxLength={TITLE_MAX}
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          error={titleError}
        />
        <PeoplePicker label={t.people} hint={t.peopleHint} chosen={chosen} onChange={setChosen} />
      </div>
      <footer className="flex justify-end border-t border-border px-5 py-3">
        <Button type="submit" needsServer variant="primary" busy={busy}>
          {t.createGroup}
        </Button>
      </footer>
    </form>
  )
}

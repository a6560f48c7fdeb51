import type { Conversation } from '@tam/protocol'
import { TITLE_MAX, TOPIC_MAX } from '@tam/protocol/limits'
import { useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient } from '../../hooks/use-client.tsx'
import { useEdits } from '../../hooks/use-edits.ts'
import { commonText } from '../../i18n/common.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { switcherText } from '../../i18n/switcher.ts'
import { isComposing } from '../../platform/keyboard.ts'
import { Button } from '../../ui/button.tsx'
import { TextAreaField, TextField } from '../../ui/text-field.tsx'

/** Title and topic in place. */
export function EditDetails({ conversation, onDone }: { conversation: Conversation; onDone: () => void }) {
  const t = useT(conversationText)
  const common = useT(commonText)
  const needTitle = useT(switcherText).needTitle
  const { rest } = useClient()
  const { busy, run } = useAction()
  const { values, changes, set } = useEdits({ title: conversation.title ?? '', topic: conversation.topic })
  const [error, setError] = useState<string>()
  const save = async () => {
    if (changes.title === '') {
      setError(needTitle)
      return
    }
    const isSame = Object.keys(changes).length === 0
    if (isSame || (await run(() => rest.patchConversation(conversation.id, changes)))) {
      onDone()
    }
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Esc of the fields inside
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => {
        // The panel around it closes with the next one.
        if (event.key === 'Escape' && !isComposing(event.nativeEvent)) {
          event.preventDefault()
          onDone()
        }
      }}
      className="space-y-4"
    >
      <TextField
        label={t.title}
        maxLength={TITLE_MAX}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- opened by the person just now
        autoFocus
        value={values.title}
        onChange={(event) => set('title', event.target.value)}
        error={error}
      />
      <TextAreaField
        label={t.topic}
        maxLength={TOPIC_MAX}
        value={values.topic}
        onChange={(event) => set('topic', event.target.value)}
      />
      <div className="flex justify-end gap-2">
        <Button variant="ghost" onClick={onDone}>
          {common.cancel}
        </Button>
        <Button type="submit" variant="primary" needsServer busy={busy}>
          {common.save}
        </Button>
      </div>
    </form>
  )
}

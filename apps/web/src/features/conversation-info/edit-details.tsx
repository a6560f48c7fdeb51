import type { Conversation } from '@tam/protocol'
import { TITLE_MAX, TOPIC_MAX } from '@tam/protocol/limits'
import { useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient } from '../../hooks/use-client.tsx'
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
  const [title, setTitle] = useState(conversation.title ?? '')
  const [topic, setTopic] = useState(conversation.topic)
  const [error, setError] = useState<string>()
  const save = async () => {
    if (title.trim() === '') {
      setError(needTitle)
      return
    }
    if (
      await run(() => rest.patchConversation(conversation.id, { title: title.trim(), topic: topic.trim() }))
    ) {
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
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        error={error}
      />
      <TextAreaField
        label={t.topic}
        maxLength={TOPIC_MAX}
        value={topic}
        onChange={(event) => setTopic(event.target.value)}
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

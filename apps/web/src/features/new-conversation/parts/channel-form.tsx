import { TITLE_MAX, TOPIC_MAX } from '@tam/protocol/limits'
import { useState } from 'react'
import { useT } from '../../../i18n/locale.tsx'
import { switcherText } from '../../../i18n/switcher.ts'
import { Button } from '../../../ui/button.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { TextField } from '../../../ui/text-field.tsx'
import { useCreate } from '../use-create.ts'

export function ChannelForm({ onDone }: { onDone: () => void }) {
  const t = useT(switcherText)
  const [title, setTitle] = useState('')
  const [topic, setTopic] = useState('')
  const [isPublic, setPublic] = useState(true)
  const { busy, titleError, submit } = useCreate(onDone)
  return (
    <form
      noValidate
      onSubmit={(event) =>
        submit(event, title, (named) => ({
          kind: 'channel',
          title: named,
          public: isPublic,
          ...(topic.trim() === '' ? {} : { topic: topic.trim() }),
        }))
      }
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="min-h-0 flex-1 space-y-4 overflow-y-auto px-5 pb-4">
        <TextField
          label={t.channelTitle}
          name="title"
          placeholder={t.channelTitleExample}
          maxLength={TITLE_MAX}
          autoComplete="off"
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          error={titleError}
        />
        <TextField
          label={t.topic}
          hint={t.topicHint}
          maxLength={TOPIC_MAX}
          autoComplete="off"
          value={topic}
          onChange={(event) => setTopic(event.target.value)}
        />
        <Switch label={t.publicLabel} description={t.publicLead} checked={isPublic} onChange={setPublic} />
      </div>
      <footer className="flex justify-end border-t border-border px-5 py-3">
        <Button type="submit" needsServer variant="primary" busy={busy}>
          {t.createChannel}
        </Button>
      </footer>
    </form>
  )
}

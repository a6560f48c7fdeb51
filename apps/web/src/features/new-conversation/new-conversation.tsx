import { useState } from 'react'
import { useT } from '../../i18n/locale.tsx'
import { switcherText } from '../../i18n/switcher.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Segments } from '../../ui/segments.tsx'
import { ChannelForm } from './parts/channel-form.tsx'
import { DirectSearch } from './parts/direct-search.tsx'
import { GroupForm } from './parts/group-form.tsx'

/** Begins a conversation with one person, a group, or a channel. */
export function NewConversation({ onClose }: { onClose: () => void }) {
  const t = useT(switcherText)
  const [kind, setKind] = useState<'direct' | 'group' | 'channel'>('direct')
  return (
    <Dialog title={t.newTitle} onClose={onClose} className="sm:h-[38rem] sm:w-[30rem]">
      <div className="px-5 pb-4">
        <Segments
          label={t.kind}
          value={kind}
          onChange={setKind}
          options={[
            { value: 'direct', label: t.direct, icon: 'person' },
            { value: 'group', label: t.group, icon: 'people' },
            { value: 'channel', label: t.channel, icon: 'hash' },
          ]}
        />
      </div>
      {kind === 'direct' && <DirectSearch onDone={onClose} />}
      {kind === 'group' && <GroupForm onDone={onClose} />}
      {kind === 'channel' && <ChannelForm onDone={onClose} />}
    </Dialog>
  )
}

import type { Conversation, User } from '@tam/protocol'
import { useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient } from '../../hooks/use-client.tsx'
import { useReadable } from '../../hooks/use-readable.ts'
import { commonText } from '../../i18n/common.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { switcherText } from '../../i18n/switcher.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { PeoplePicker } from '../people/people-picker.tsx'
import { ActionRow } from './action-row.tsx'

/** Adds people to a group or channel. */
export function AddPeople({ conversation }: { conversation: Conversation }) {
  const t = useT(conversationText)
  const [open, setOpen] = useState(false)
  return (
    <>
      <ActionRow icon="person-add" label={t.addPeople} onClick={() => setOpen(true)} />
      {open && <AddDialog conversation={conversation} onClose={() => setOpen(false)} />}
    </>
  )
}

function AddDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const t = useT(conversationText)
  const common = useT(commonText)
  const finding = useT(switcherText)
  const client = useClient()
  const handle = client.conversation(conversation.id)
  const members = useReadable(handle.members)
  const { busy, run } = useAction()
  const [chosen, setChosen] = useState<readonly User[]>([])
  const add = async () => {
    const added = await run(async () => {
      await client.rest.addMembers(conversation.id, { userIds: chosen.map(({ id }) => id) })
      await handle.loadMembers()
    })
    if (added) {
      onClose()
    }
  }
  return (
    <Dialog
      title={t.addPeople}
      onClose={onClose}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button
            variant="primary"
            disabled={chosen.length === 0}
            needsServer
            busy={busy}
            onClick={() => void add()}
          >
            {t.add}
          </Button>
        </>
      }
    >
      <div className="min-h-72 flex-1 overflow-y-auto px-5 pb-4">
        <PeoplePicker
          label={finding.people}
          chosen={chosen}
          onChange={setChosen}
          excluded={new Set(members?.map(({ user }) => user.id))}
        />
      </div>
    </Dialog>
  )
}

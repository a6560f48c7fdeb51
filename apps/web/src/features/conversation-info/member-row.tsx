import type { Conversation, Member, Role } from '@tam/protocol'
import { useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient, useMe, useUser } from '../../hooks/use-client.tsx'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { usePresence } from '../../hooks/use-presence.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Menu, type MenuAction } from '../../ui/menu.tsx'
import { powersOver } from './info.logic.ts'

interface MemberRowProps {
  readonly conversation: Conversation
  readonly member: Member
}

/** One member: who, in which role, and what one may do about it. */
export function MemberRow({ conversation, member }: MemberRowProps) {
  const t = useT(conversationText)
  const me = useMe()
  // The live person: a rename shows at once.
  const user = useUser(member.user.id) ?? member.user
  const presence = usePresence(user.id)
  const { pushPanel } = useOverlays()
  const isMe = user.id === me.id
  return (
    <li className="group flex items-center rounded-row pr-1 hover:bg-hover">
      <button
        type="button"
        onClick={() => pushPanel({ kind: 'person', conversation: conversation.id, user: user.id })}
        style={{ '--dot-ring': 'var(--canvas)' }}
        className="flex h-13 min-w-0 flex-1 items-center gap-3 rounded-row px-2 text-left focus-visible:-outline-offset-2"
      >
        <span className="min-w-0">
          <span className="line-cut isolate-text block text-list font-medium">
            {isMe ? t.you(user.name) : user.name}
          </span>
          <span className="line-cut block text-meta text-text3">
            {member.role === 'member' ? `@${user.username}` : t[member.role]}
          </span>
        </span>
        {/* After the name for who listens, before it for who looks. */}
        <span className="order-first flex">
          <Avatar id={user.id} name={user.name} src={user.avatar} size={36} presence={presence} />
        </span>
      </button>
      <MemberMenu conversation={conversation} member={member} isMe={isMe} />
    </li>
  )
}

function MemberMenu({ conversation, member, isMe }: MemberRowProps & { isMe: boolean }) {
  const t = useT(conversationText)
  const client = useClient()
  const { busy, run } = useAction()
  const [removing, setRemoving] = useState(false)
  const { user } = member
  const powers = powersOver(conversation.role, { role: member.role, isMe })
  const reload = () => client.conversation(conversation.id).loadMembers()
  const setRole = (role: Role) =>
    run(async () => {
      await client.rest.setRole(conversation.id, user.id, role)
      await reload()
    })
  const remove = async () => {
    await run(async () => {
      await client.rest.removeMember(conversation.id, user.id)
      await reload()
    })
    setRemoving(false)
  }
  const labels: Record<Role, string> = { owner: t.makeOwner, admin: t.makeAdmin, member: t.makeMember }
  const actions: MenuAction[] = [
    ...powers.roles.map((role) => ({
      label: labels[role],
      icon: 'shield' as const,
      needsServer: true,
      onSelect: () => void setRole(role),
    })),
    ...(powers.remove
      ? [
          {
            label: t.remove,
            icon: 'logout' as const,
            danger: true,
            needsServer: true,
            onSelect: () => setRemoving(true),
          },
        ]
      : []),
  ]
  if (actions.length === 0) {
    return null
  }
  return (
    <>
      <Menu label={t.memberActions(user.name)} actions={actions}>
        {(trigger) => <IconButton icon="more" label={t.memberActions(user.name)} {...trigger} />}
      </Menu>
      {removing && (
        <Confirm
          title={t.removeTitle(user.name)}
          text={t.removeLead}
          action={t.remove}
          busy={busy}
          onConfirm={() => void remove()}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  )
}

import type { Conversation, Member, Role } from '@tam/protocol'
import { useState } from 'react'
import { useAction } from '../../hooks/use-action.ts'
import { useClient, useMe, useUser } from '../../hooks/use-client.tsx'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { usePresence } from '../../hooks/use-presence.ts'
import { useReadable } from '../../hooks/use-readable.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { useT } from '../../i18n/locale.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Menu, type MenuAction } from '../../ui/menu.tsx'
import { ownersOf, powersOver } from './info.logic.ts'

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

type Question = 'remove' | 'give' | Exclude<Role, 'owner'>

function MemberMenu({ conversation, member, isMe }: MemberRowProps & { isMe: boolean }) {
  const t = useT(conversationText)
  const client = useClient()
  const { busy, run } = useAction()
  const [asking, setAsking] = useState<Question>()
  const { user } = member
  const handle = client.conversation(conversation.id)
  const owners = ownersOf(useReadable(handle.members) ?? []).length
  const powers = powersOver(conversation.role, { role: member.role, isMe, owners })
  const change = async (act: () => Promise<unknown>) => {
    await run(async () => {
      await act()
      await handle.loadMembers()
    })
    setAsking(undefined)
  }
  const setRole = (role: Role) => change(() => client.rest.setRole(conversation.id, user.id, role))
  const choose = (role: Role) => {
    // What others can undo only as they please is asked first.
    if (role === 'owner') {
      setAsking('give')
    } else if (isMe) {
      setAsking(role)
    } else {
      void setRole(role)
    }
  }
  const actions: MenuAction[] = [
    ...powers.roles.map((role) => ({
      label: roleLabel(t, member.role, role),
      icon: 'shield' as const,
      needsServer: true,
      onSelect: () => choose(role),
    })),
    ...(powers.remove
      ? [
          {
            label: t.remove,
            icon: 'logout' as const,
            danger: true,
            needsServer: true,
            onSelect: () => setAsking('remove'),
          },
        ]
      : []),
  ]
  if (actions.length === 0 && asking === undefined) {
    return null
  }
  const questions = {
    remove: {
      title: t.removeTitle(user.name),
      text: t.removeLead,
      action: t.remove,
      onConfirm: () => change(() => client.rest.removeMember(conversation.id, user.id)),
    },
    give: {
      title: t.makeOwnerTitle(user.name),
      text: t.makeOwnerLead,
      action: t.makeOwner,
      onConfirm: () => setRole('owner'),
    },
    admin: { ...stepDown(t, t.makeAdmin), onConfirm: () => setRole('admin') },
    member: { ...stepDown(t, t.makeRegular), onConfirm: () => setRole('member') },
  }
  return (
    <>
      <Menu label={t.memberActions(user.name)} actions={actions}>
        {(trigger) => <IconButton icon="more" label={t.memberActions(user.name)} {...trigger} />}
      </Menu>
      {asking !== undefined && (
        <Confirm
          {...questions[asking]}
          busy={busy}
          onConfirm={() => void questions[asking].onConfirm()}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  )
}

type Texts = (typeof conversationText)['vi']

function roleLabel(t: Texts, from: Role, to: Role): string {
  const labels = {
    owner: t.makeOwner,
    admin: t.makeAdmin,
    member: from === 'admin' ? t.makeMember : t.makeRegular,
  }
  return labels[to]
}

function stepDown(t: Texts, action: string) {
  return { title: t.stepDownTitle, text: t.stepDownLead, action }
}

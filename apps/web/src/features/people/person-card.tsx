import { useEffect, useRef } from 'react'
import { useMe, useUser } from '../../hooks/use-client.tsx'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { usePresence, usePresenceText, useWatch } from '../../hooks/use-presence.ts'
import { useStartDirect } from '../../hooks/use-start-direct.ts'
import { conversationText } from '../../i18n/conversation.ts'
import { listText } from '../../i18n/list.ts'
import { useT } from '../../i18n/locale.tsx'
import { focusAfterClose } from '../../platform/focus.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { placeBeside } from '../../ui/place.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { HidePresence } from './hide-presence.tsx'

interface PersonCardProps {
  readonly id: string
  readonly anchor: Element
  readonly onClose: () => void
}

/** Who somebody is, beside what was clicked, with a way to write to them. */
export function PersonCard({ id, anchor, onClose }: PersonCardProps) {
  const t = useT(conversationText)
  const user = useUser(id)
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const card = ref.current
    if (card === null) {
      return
    }
    card.showPopover()
    card.focus()
    // Again whenever its size changes: the person may load after it opened.
    const sizes = new ResizeObserver(() => placeBeside(card, anchor))
    sizes.observe(card)
    return () => {
      sizes.disconnect()
      if (card.contains(document.activeElement)) {
        focusAfterClose(anchor)
      }
    }
  }, [anchor])
  return (
    <div
      ref={ref}
      role="dialog"
      aria-label={t.personCard(user?.name ?? '')}
      tabIndex={-1}
      popover="auto"
      onToggle={(event) => event.newState === 'closed' && onClose()}
      style={{ '--dot-ring': 'var(--raised)' }}
      className="menu fixed m-0 w-75 rounded-shell border border-border bg-raised p-4 text-text shadow-modal outline-none"
    >
      {user === undefined ? <Skeleton className="h-24" /> : <CardBody user={user} onClose={onClose} />}
    </div>
  )
}

function CardBody({ user, onClose }: { user: NonNullable<ReturnType<typeof useUser>>; onClose: () => void }) {
  const t = useT(conversationText)
  const list = useT(listText)
  const me = useMe()
  const { openDialog } = useOverlays()
  const { busy, isThere, startDirect } = useStartDirect()
  const presence = usePresence(user.id)
  const known = usePresenceText(user.id)
  useWatch(user.id)
  const isMe = user.id === me.id
  const write = async () => {
    if (await startDirect(user.id)) {
      onClose()
    }
  }
  return (
    <>
      <div className="flex items-center gap-3.5">
        <Avatar id={user.id} name={user.name} src={user.avatar} size={64} presence={presence} />
        <div className="min-w-0">
          <p className="isolate-text text-title font-strong break-words">{user.name}</p>
          <p className="line-cut text-secondary text-text3">@{user.username}</p>
          {known !== undefined && <p className="text-secondary text-text2">{known}</p>}
        </div>
      </div>
      {user.status !== '' && <p className="isolate-text mt-3 text-list break-words">{user.status}</p>}
      {user.bio !== '' && (
        <p className="isolate-text mt-2 text-secondary break-words whitespace-pre-line text-text2">
          {user.bio}
        </p>
      )}
      <div className="mt-4">
        {isMe ? (
          <Button icon="person" className="w-full" onClick={() => openDialog('profile')}>
            {list.profile}
          </Button>
        ) : (
          <>
            <Button
              variant="primary"
              icon="chat"
              needsServer={!isThere(user.id)}
              busy={busy}
              className="w-full"
              onClick={() => void write()}
            >
              {t.message}
            </Button>
            <HidePresence id={user.id} />
          </>
        )}
      </div>
    </>
  )
}

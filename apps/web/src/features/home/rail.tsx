import { useMe } from '../../hooks/use-client.tsx'
import { useOverlays } from '../../hooks/use-overlays.tsx'
import { useOwnPicture } from '../../hooks/use-own-picture.tsx'
import { usePresence, useWatch } from '../../hooks/use-presence.ts'
import { useWithheld } from '../../hooks/use-withheld.ts'
import { listText } from '../../i18n/list.ts'
import { useT } from '../../i18n/locale.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Logo } from '../../ui/logo.tsx'
import { badgeText } from '../conversation-list/list.logic.ts'

interface RailProps {
  readonly filter: 'all' | 'chats'
  readonly onFilter: (filter: 'all' | 'chats') => void
  /** Unread messages written to the person alone. */
  readonly directUnread: number
}

/** The narrow bar at the left edge: what the list shows, channels to join, oneself. */
export function Rail({ filter, onFilter, directUnread }: RailProps) {
  const t = useT(listText)
  const me = useMe()
  const picture = useOwnPicture()
  useWatch(me.id)
  const presence = usePresence(me.id)
  const { openDialog } = useOverlays()
  return (
    <nav
      aria-label={t.rail}
      data-landmark="rail"
      tabIndex={-1}
      className="flex h-full flex-col items-center gap-1.5 pt-3 pb-[max(12px,env(safe-area-inset-bottom))]"
    >
      <Logo className="mb-2.5 size-10" />
      <RailButton
        icon="home"
        label={t.home}
        pressed={filter === 'all'}
        onClick={() => onFilter('all')}
        first
      />
      <RailButton
        icon="chat"
        label={t.messages}
        pressed={filter === 'chats'}
        onClick={() => onFilter('chats')}
        badge={directUnread}
      />
      <RailButton needsServer icon="compass" label={t.browse} onClick={() => openDialog('browse')} />
      <div className="flex-1" />
      <button
        type="button"
        aria-label={t.account}
        data-tip={t.account}
        onClick={() => openDialog('profile')}
        style={{ '--dot-ring': 'var(--rail)' }}
        className="mb-1 rounded-[11px]"
      >
        <Avatar id={me.id} name={me.name} src={picture} size={36} presence={presence} />
      </button>
    </nav>
  )
}

interface RailButtonProps {
  readonly icon: IconName
  readonly label: string
  readonly pressed?: boolean
  readonly badge?: number
  readonly first?: boolean
  readonly needsServer?: boolean
  readonly onClick: () => void
}

function RailButton({
  icon,
  label,
  pressed,
  badge = 0,
  first = false,
  needsServer = false,
  onClick,
}: RailButtonProps) {
  const t = useT(listText)
  const withheld = useWithheld(needsServer)
  return (
    <button
      type="button"
      aria-label={badge === 0 ? label : `${label}, ${t.unread(badge)}`}
      aria-pressed={pressed}
      data-tip={label}
      data-landmark-focus={first || undefined}
      onClick={onClick}
      {...withheld}
      className="relative grid size-11 place-items-center rounded-avatar text-text2 transition-colors hover:bg-hover data-withheld:cursor-not-allowed data-withheld:opacity-45 aria-pressed:bg-selected aria-pressed:text-accent-text"
    >
      <Icon name={icon} />
      {badge > 0 && (
        <span
          aria-hidden="true"
          className="absolute top-1 right-0.5 h-4 min-w-4 rounded-full bg-badge px-1 text-center text-[11px]/4 font-semibold text-on-badge tabular-nums shadow-[0_0_0_2px_var(--rail)]"
        >
          {badgeText(badge)}
        </span>
      )}
    </button>
  )
}

import { Avatar } from '../../ui/avatar.tsx'
import { Icon } from '../../ui/icon.tsx'
import { UnreadBadge } from '../conversation-list/parts/unread-badge.tsx'
import type { Destination } from './use-candidates.ts'

interface DestinationRowProps {
  readonly id: string
  readonly destination: Destination
  readonly selected: boolean
  readonly onHover: () => void
  readonly onOpen: () => void
}

/** One row of the switcher; the keyboard stays in the field, which names it as its active descendant. */
export function DestinationRow({ id, destination, selected, onHover, onOpen }: DestinationRowProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- Enter in the field opens it
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onPointerMove={onHover}
      onClick={onOpen}
      className="flex h-11 cursor-pointer items-center gap-3 rounded-row px-2.5 aria-selected:bg-selected"
    >
      <Sign destination={destination} />
      <span className="line-cut isolate-text text-list font-medium">{destination.name}</span>
      {destination.alias !== undefined && (
        <span className="line-cut flex-1 text-secondary text-text3">@{destination.alias}</span>
      )}
      <span className="ml-auto" />
      {destination.kind !== 'person' && <UnreadBadge conversation={destination} />}
    </div>
  )
}

function Sign({ destination }: { destination: Destination }) {
  switch (destination.kind) {
    case 'channel':
      return (
        <span className="grid size-6 place-items-center text-text2">
          <Icon name={destination.isPublic ? 'hash' : 'lock'} className="size-[17px]" />
        </span>
      )
    case 'group':
      return <Avatar id={destination.id} name={destination.name} size={24} group />
    case 'direct':
      return <Avatar id={destination.peer} name={destination.name} src={destination.avatar} size={24} />
    case 'person':
      return <Avatar id={destination.id} name={destination.name} src={destination.avatar} size={24} />
  }
}

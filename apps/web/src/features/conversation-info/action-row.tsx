import { Icon, type IconName } from '../../ui/icon.tsx'

interface ActionRowProps {
  readonly icon: IconName
  readonly label: string
  readonly danger?: boolean
  readonly onClick: () => void
}

/** A wide button of the panel. */
export function ActionRow({ icon, label, danger = false, onClick }: ActionRowProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className={`flex h-10 w-full items-center gap-3 rounded-row px-2.5 text-left text-list hover:bg-hover focus-visible:-outline-offset-2 pointer-coarse:h-11 ${danger ? 'text-danger-text' : 'text-text'}`}
    >
      <Icon name={icon} className={`size-5 ${danger ? '' : 'text-text2'}`} />
      {label}
    </button>
  )
}

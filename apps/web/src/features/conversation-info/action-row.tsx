import { useWithheld } from '../../hooks/use-withheld.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'

interface ActionRowProps {
  readonly icon: IconName
  readonly label: string
  readonly danger?: boolean
  readonly onClick: () => void
}

/** A wide button of the panel, for what the server does. */
export function ActionRow({ icon, label, danger = false, onClick }: ActionRowProps) {
  const withheld = useWithheld(true)
  return (
    <button
      type="button"
      onClick={onClick}
      {...withheld}
      className={`flex h-10 w-full items-center gap-3 rounded-row px-2.5 text-left text-list hover:bg-hover focus-visible:-outline-offset-2 data-withheld:cursor-not-allowed data-withheld:opacity-55 pointer-coarse:h-11 ${danger ? 'text-danger-text' : 'text-text'}`}
    >
      <Icon name={icon} className={`size-5 ${danger ? '' : 'text-text2'}`} />
      {label}
    </button>
  )
}

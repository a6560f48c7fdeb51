import { Icon } from './icon.tsx'

interface SearchFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Filters what is listed below it in a dialog; has the focus when that opens. */
export function SearchField({ label, value, onChange }: SearchFieldProps) {
  return (
    <div className="px-5 pb-2">
      <div className="flex h-10 items-center gap-2.5 rounded-menu border border-border-strong bg-canvas px-3 transition-colors focus-within:border-focus focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-focus hover:border-text3 pointer-coarse:h-11">
        <Icon name="search" className="size-[18px] text-text3" />
        <input
          type="text"
          role="searchbox"
          enterKeyHint="search"
          aria-label={label}
          placeholder={label}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="h-full min-w-0 flex-1 bg-transparent text-title outline-none sm:text-message"
        />
      </div>
    </div>
  )
}

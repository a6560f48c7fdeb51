import { useId } from 'react'
import { useWithheld } from '../hooks/use-withheld.ts'
import { Icon, type IconName } from './icon.tsx'

interface SegmentsProps<V extends string> {
  readonly label: string
  readonly value: V
  /** Waits for the server during an outage, and says so. */
  readonly needsServer?: boolean
  readonly onChange: (value: V) => void
  readonly options: readonly { readonly value: V; readonly label: string; readonly icon?: IconName }[]
}

/** One of a few, side by side: radio buttons, so arrows move between them. */
export function Segments<V extends string>({
  label,
  value,
  needsServer = false,
  onChange,
  options,
}: SegmentsProps<V>) {
  const name = useId()
  const withheld = useWithheld(needsServer)
  return (
    <fieldset className="relative flex gap-1 rounded-menu bg-sunken p-1">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          data-tip={withheld['data-tip']}
          className="relative flex h-8 min-w-0 flex-1 cursor-pointer items-center has-data-withheld:cursor-not-allowed has-data-withheld:opacity-55 justify-center gap-2 rounded-row px-2 text-list text-text2 transition-colors hover:text-text has-checked:bg-raised has-checked:font-medium has-checked:text-text has-checked:shadow-[0_0_0_1px_var(--border)] has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:h-11"
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            // React tells of the change also when the click was refused.
            onChange={() => withheld.onClick === undefined && onChange(option.value)}
            className="sr-only"
            {...withheld}
          />
          {option.icon !== undefined && <Icon name={option.icon} className="size-[18px] max-sm:hidden" />}
          <span className="line-cut">{option.label}</span>
        </label>
      ))}
    </fieldset>
  )
}

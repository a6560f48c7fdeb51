import type { ComponentProps } from 'react'
import { useWithheld } from '../hooks/use-withheld.ts'
import { Icon, type IconName } from './icon.tsx'
import { Spinner } from './spinner.tsx'

const VARIANTS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'border border-border-strong/50 bg-raised text-text hover:bg-text/6',
  ghost: 'text-text2 hover:bg-text/6 hover:text-text',
  'ghost-danger': 'text-danger-text hover:bg-danger/10',
  danger: 'bg-danger text-on-danger hover:brightness-95',
} as const

const SIZES = {
  small: 'h-8 px-3 text-secondary rounded-row',
  medium: 'h-9 px-4 text-list rounded-menu',
  large: 'h-11 px-5 text-message rounded-menu',
} as const

interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: keyof typeof VARIANTS
  readonly size?: keyof typeof SIZES
  readonly icon?: IconName
  /** Shows a spinner and takes no clicks; the button keeps its place in the focus order. */
  readonly busy?: boolean
  /** Waits for the server during an outage, and says so. */
  readonly needsServer?: boolean
}

/** A button with words; `type="button"` unless told otherwise. */
export function Button({
  variant = 'secondary',
  size = 'medium',
  icon,
  busy = false,
  needsServer = false,
  className = '',
  children,
  onClick,
  ...props
}: ButtonProps) {
  const withheld = useWithheld(needsServer)
  return (
    <button
      type="button"
      {...props}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      {...withheld}
      className={`tap-target inline-flex shrink-0 items-center justify-center gap-2 font-medium whitespace-nowrap transition-colors disabled:opacity-55 data-withheld:cursor-not-allowed data-withheld:opacity-55 ${VARIANTS[variant]} ${SIZES[size]} ${className}`}
    >
      {busy ? (
        <Spinner className="size-4" />
      ) : (
        icon !== undefined && <Icon name={icon} className="size-[18px]" />
      )}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label'> {
  readonly icon: IconName
  /** The accessible name and the tooltip. */
  readonly label: string
  /** Shown after the label in the tooltip, such as `Ctrl K`. */
  readonly shortcut?: string
  readonly iconClassName?: string
  /** Waits for the server during an outage, and says so. */
  readonly needsServer?: boolean
}

/** A button with an icon only: 32 px, named, with a tooltip. */
export function IconButton({
  icon,
  label,
  shortcut,
  iconClassName,
  needsServer = false,
  className = '',
  ...props
}: IconButtonProps) {
  const withheld = useWithheld(needsServer)
  return (
    <button
      type="button"
      {...props}
      aria-label={label}
      data-tip={shortcut === undefined ? label : `${label} · ${shortcut}`}
      {...withheld}
      className={`tap-target inline-grid size-8 shrink-0 place-items-center rounded-row text-text2 transition-colors hover:bg-text/6 hover:text-text disabled:opacity-45 data-withheld:cursor-not-allowed data-withheld:opacity-45 aria-pressed:bg-selected aria-pressed:text-accent-text ${className}`}
    >
      <Icon name={icon} {...(iconClassName === undefined ? {} : { className: iconClassName })} />
    </button>
  )
}

import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react'
import { useWithheld } from '../hooks/use-withheld.ts'
import { focusAfterClose } from '../platform/focus.ts'
import { Icon, type IconName } from './icon.tsx'
import { placeBeside } from './place.ts'

export interface MenuAction {
  readonly label: string
  readonly icon?: IconName
  readonly danger?: boolean
  /** Present on a choice of several: whether it is the chosen one. */
  readonly checked?: boolean
  /** Waits for the server during an outage, and says so. */
  readonly needsServer?: boolean
  readonly onSelect: () => void
}

interface MenuProps {
  readonly label: string
  readonly actions: readonly MenuAction[]
  /** The opener; receives what makes it one. */
  readonly children: (trigger: TriggerProps) => ReactElement
  /** Something above the actions, such as a name. */
  readonly heading?: ReactNode
}

export interface TriggerProps {
  readonly 'aria-haspopup': 'menu'
  readonly 'aria-expanded': boolean
  readonly onClick: (event: { currentTarget: HTMLElement }) => void
}

/** A button with a menu: arrows, Home, End, a letter to jump, Esc and Tab to leave. */
export function Menu({ label, actions, children, heading }: MenuProps) {
  const [opener, setOpener] = useState<HTMLElement | null>(null)
  return (
    <>
      {children({
        'aria-haspopup': 'menu',
        'aria-expanded': opener !== null,
        onClick: ({ currentTarget }) => setOpener(opener === null ? currentTarget : null),
      })}
      {opener !== null && (
        <MenuList
          label={label}
          actions={actions}
          heading={heading}
          opener={opener}
          onClose={() => setOpener(null)}
        />
      )}
    </>
  )
}

interface MenuListProps {
  readonly label: string
  readonly actions: readonly MenuAction[]
  readonly heading: ReactNode
  readonly opener: HTMLElement
  readonly onClose: () => void
}

function MenuList({ label, actions, heading, opener, onClose }: MenuListProps) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const list = ref.current
    if (list === null) {
      return
    }
    list.showPopover()
    placeBeside(list, opener)
    list.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
    return () => {
      if (list.contains(document.activeElement)) {
        focusAfterClose(opener)
      }
    }
  }, [opener])
  return (
    <div
      ref={ref}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      popover="auto"
      onToggle={(event) => event.newState === 'closed' && onClose()}
      onKeyDown={(event) => moveInMenu(event, onClose)}
      className="menu fixed m-0 min-w-48 rounded-menu border border-border bg-raised p-1.5 text-text shadow-float"
    >
      {heading}
      {actions.map((action) => (
        <MenuItem key={action.label} action={action} onClose={onClose} opener={opener} />
      ))}
    </div>
  )
}

function MenuItem({
  action,
  onClose,
  opener,
}: {
  action: MenuAction
  onClose: () => void
  opener: HTMLElement
}) {
  const withheld = useWithheld(action.needsServer === true)
  return (
    <button
      type="button"
      tabIndex={-1}
      role={action.checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={action.checked}
      onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
      onClick={() => {
        focusAfterClose(opener)
        onClose()
        action.onSelect()
      }}
      {...withheld}
      className={`flex h-9 w-full items-center gap-2.5 rounded-row px-2.5 text-left text-list outline-none focus:bg-text/7 data-withheld:cursor-not-allowed data-withheld:opacity-55 pointer-coarse:h-11 ${action.danger === true ? 'text-danger-text' : ''}`}
    >
      {action.icon !== undefined && <Icon name={action.icon} className="size-[18px] text-text2" />}
      <span className="line-cut flex-1">{action.label}</span>
      {action.checked === true && <Icon name="check" className="size-4 text-accent-text" />}
    </button>
  )
}

function moveInMenu(event: KeyboardEvent<HTMLElement>, onClose: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]')]
  const current = items.indexOf(document.activeElement as HTMLElement)
  const next = nextIndex(event.key, current, items)
  if (next !== undefined) {
    event.preventDefault()
    items[next]?.focus()
  } else if (event.key === 'Tab') {
    event.preventDefault()
    onClose()
  }
}

function nextIndex(key: string, current: number, items: readonly HTMLElement[]): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return (current + 1) % items.length
    case 'ArrowUp':
      return (current - 1 + items.length) % items.length
    case 'Home':
      return 0
    case 'End':
      return items.length - 1
    default: {
      const starts = (item: HTMLElement) =>
        item.textContent.toLocaleLowerCase().startsWith(key.toLocaleLowerCase())
      const order = items.map((_, index) => (current + 1 + index) % items.length)
      return key.length === 1
        ? order.find((index) => items[index] !== undefined && starts(items[index]))
        : undefined
    }
  }
}

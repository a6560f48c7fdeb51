import type { ComponentProps, MouseEvent } from 'react'
import { useRouter } from '../hooks/use-platform.tsx'
import { routePath, type Route } from '../platform/route.logic.ts'

interface LinkProps extends Omit<ComponentProps<'a'>, 'href'> {
  readonly to: Route
  /** Takes the place of the current history entry. */
  readonly replace?: boolean
}

/** A link inside the application; new tabs, copying and middle clicks work as on any link. */
export function Link({ to, replace = false, onClick, children, ...props }: LinkProps) {
  const router = useRouter()
  return (
    <a
      {...props}
      href={routePath(to)}
      onClick={(event) => {
        onClick?.(event)
        if (!event.defaultPrevented && isPlainClick(event)) {
          event.preventDefault()
          router.go(to, { replace })
        }
      }}
    >
      {children}
    </a>
  )
}

function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
}

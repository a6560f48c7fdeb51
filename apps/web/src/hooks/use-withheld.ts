import type { MouseEvent } from 'react'
import { commonText } from '../i18n/common.ts'
import { useT } from '../i18n/locale.tsx'
import { useToast } from './use-toast.ts'
import { usePlatform } from './use-platform.tsx'
import { useReadable } from './use-readable.ts'

/** What a control gets that has to wait for the server. Spread last: it takes the click. */
interface Withheld {
  readonly 'data-withheld': ''
  readonly 'aria-disabled': true
  readonly 'aria-description': string
  readonly 'data-tip': string
  readonly onClick: (event: MouseEvent) => void
}

/**
 * For a control whose work only the server can do (`needsServer`): during an outage it keeps its place and the focus,
 * does nothing, and says why on hover, to screen readers and when it is pressed.
 */
export function useWithheld(needsServer: boolean): Withheld | Record<string, never> {
  const t = useT(commonText)
  const toast = useToast()
  const isReachable = useReadable(usePlatform().reachable)
  if (!needsServer || isReachable) {
    return {}
  }
  const onClick = (event: MouseEvent): void => {
    event.preventDefault()
    toast({ text: t.needsServer })
  }
  return {
    'data-withheld': '',
    'aria-disabled': true,
    'aria-description': t.needsServer,
    'data-tip': t.needsServer,
    onClick,
  }
}

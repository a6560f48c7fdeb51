import { useEffect, useEffectEvent, type RefObject } from 'react'
import { useClock } from '../hooks/use-platform.tsx'
import { useNarrow } from '../hooks/use-narrow.ts'
import { EdgeSwipe } from './edge-swipe.ts'

/**
 * On a phone the page follows a finger from the left edge and gives way to what lies below. Where the system has a
 * gesture of its own there, it takes the touch away and this one lets go.
 */
export function useEdgeSwipe(
  panes: RefObject<HTMLElement | null>,
  canGoBack: boolean,
  onBack: () => void,
): void {
  const clock = useClock()
  const narrow = useNarrow()
  const back = useEffectEvent(onBack)
  useEffect(() => {
    const element = panes.current
    if (element === null || !narrow || !canGoBack) {
      return
    }
    const swipe = new EdgeSwipe(element, clock, () => back())
    return () => swipe.dispose()
  }, [panes, canGoBack, clock, narrow])
}

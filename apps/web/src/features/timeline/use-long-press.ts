import { useEffect, useRef, type MouseEvent, type PointerEvent } from 'react'
import { useClock } from '../../hooks/use-platform.tsx'

/** A finger that rests this long asks for what can be done. */
export const LONG_PRESS_MS = 450
/** A finger that moves this far scrolls or swipes: no later than a swipe begins. */
const SLACK_PX = 8

interface LongPress {
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void
  readonly onPointerUp: () => void
  readonly onPointerCancel: () => void
  readonly onContextMenu: (event: MouseEvent<HTMLElement>) => void
}

/** Handlers that call `onLongPress` when a finger rests; links and buttons keep what the browser does with them. */
export function useLongPress(onLongPress: () => void): LongPress {
  const clock = useClock()
  const press = useRef<{ readonly x: number; readonly y: number; readonly cancel: () => void }>(undefined)
  const end = () => {
    press.current?.cancel()
    press.current = undefined
  }
  useEffect(() => () => press.current?.cancel(), [])
  return {
    onPointerDown(event) {
      end()
      const isOnControl = event.target instanceof Element && event.target.closest('a, button') !== null
      if (event.pointerType === 'touch' && event.isPrimary && !isOnControl) {
        const { clientX: x, clientY: y, currentTarget } = event
        const cancel = clock.after(LONG_PRESS_MS, () => {
          swallowClick(currentTarget)
          onLongPress()
        })
        press.current = { x, y, cancel }
      }
    },
    onPointerMove({ clientX, clientY }) {
      const from = press.current
      if (from !== undefined && Math.hypot(clientX - from.x, clientY - from.y) >= SLACK_PX) {
        end()
      }
    },
    onPointerUp: end,
    onPointerCancel: end,
    onContextMenu(event) {
      if (press.current !== undefined) {
        // The browser's own answer to a finger that rests.
        event.preventDefault()
      }
    },
  }
}

/** Lifting the finger must not click what the long press brought under it. */
function swallowClick(pressed: HTMLElement): void {
  const done = new AbortController()
  const { signal } = done
  const lift = (event: Event) => {
    event.preventDefault()
    done.abort()
  }
  pressed.addEventListener('touchend', lift, { signal, passive: false })
  pressed.addEventListener('touchcancel', () => done.abort(), { signal })
}

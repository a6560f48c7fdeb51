import { useEffect, useEffectEvent, useMemo, useState, type RefObject } from 'react'
import { useClock } from '../../hooks/use-platform.tsx'
import { inHeldOrder } from './calm-order.logic.ts'

/** A pointer that rests does not aim: rows may move again after this long. */
const IDLE_MS = 1_000

/** Keeps the order of `rows` while a mouse moves over `area`: what one is about to click stays where it is. */
export function useCalmOrder<T extends { readonly id: string }>(
  area: RefObject<HTMLElement | null>,
  rows: readonly T[],
): readonly T[] {
  const clock = useClock()
  const [held, setHeld] = useState<readonly string[]>()
  const hold = useEffectEvent(() => setHeld((before) => before ?? rows.map(({ id }) => id)))
  useEffect(() => {
    const element = area.current
    if (element === null) {
      return
    }
    let cancel = () => {}
    const release = () => {
      cancel()
      setHeld(undefined)
    }
    const onMove = (event: PointerEvent) => {
      if (event.pointerType === 'mouse') {
        cancel()
        cancel = clock.after(IDLE_MS, release)
        hold()
      }
    }
    element.addEventListener('pointermove', onMove, { passive: true })
    element.addEventListener('pointerleave', release)
    return () => {
      element.removeEventListener('pointermove', onMove)
      element.removeEventListener('pointerleave', release)
      cancel()
    }
  }, [area, clock])
  return useMemo(() => (held === undefined ? rows : inHeldOrder(rows, held)), [held, rows])
}

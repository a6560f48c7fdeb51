import { useEffect, useRef } from 'react'
import { useClock } from '../hooks/use-platform.tsx'
import { placeOver } from './place.ts'

const SHOW_AFTER_MS = 350

/**
 * The one tooltip of the page. Any element with `data-tip` gets it on hover and on keyboard focus; the text repeats
 * the element's accessible name, so it stays out of the accessibility tree.
 */
export function TooltipLayer() {
  const ref = useRef<HTMLDivElement>(null)
  const clock = useClock()
  useEffect(() => {
    let cancel = () => {}
    /** A focus that a click moved, as into a panel it opened, asks for no label. */
    let byKey = false
    const hide = () => {
      cancel()
      ref.current?.hidePopover()
    }
    const show = (target: EventTarget | null, afterMs: number) => {
      hide()
      const anchor = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null
      if (anchor !== null) {
        cancel = clock.after(afterMs, () => reveal(ref.current, anchor))
      }
    }
    let pressedAt: Pick<PointerEvent, 'clientX' | 'clientY'> | undefined
    const over = (event: PointerEvent) => {
      // What a click brought under a mouse that rests is not what it points at.
      const rests = event.clientX === pressedAt?.clientX && event.clientY === pressedAt.clientY
      if (event.pointerType === 'mouse' && !rests) {
        pressedAt = undefined
        show(event.target, SHOW_AFTER_MS)
      }
    }
    const press = (event: Event) => {
      byKey = event.type === 'keydown'
      pressedAt = event instanceof PointerEvent ? event : undefined
      hide()
    }
    const focus = (event: FocusEvent) =>
      byKey &&
      event.target instanceof Element &&
      event.target.matches(':focus-visible') &&
      show(event.target, 0)
    const controller = new AbortController()
    const options = { signal: controller.signal, capture: true }
    document.addEventListener('pointerover', over, options)
    document.addEventListener('focusin', focus, options)
    for (const type of ['pointerdown', 'keydown']) {
      document.addEventListener(type, press, options)
    }
    for (const type of ['focusout', 'scroll']) {
      document.addEventListener(type, hide, options)
    }
    return () => {
      cancel()
      controller.abort()
    }
  }, [clock])
  return (
    <div
      ref={ref}
      popover="manual"
      aria-hidden="true"
      className="pointer-events-none fixed m-0 w-max max-w-72 rounded-chip bg-text px-2 py-1 text-meta font-medium text-canvas"
    />
  )
}

function reveal(layer: HTMLElement | null, anchor: HTMLElement): void {
  if (layer === null || !anchor.isConnected) {
    return
  }
  layer.textContent = anchor.dataset['tip'] ?? ''
  layer.showPopover()
  placeOver(layer, anchor)
}

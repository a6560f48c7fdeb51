import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { usePlatform } from '../hooks/use-platform.tsx'
import { useReadable } from '../hooks/use-readable.ts'
import { listText } from '../i18n/list.ts'
import { useT } from '../i18n/locale.tsx'
import { LIST_WIDTH, LIST_WIDTH_MAX, LIST_WIDTH_MIN } from '../platform/preferences.ts'

const KEY_STEP = 16

/** The right edge of the list: dragged, moved by arrows, back to its place by a double click. */
export function ListEdge() {
  const t = useT(listText)
  const { listWidth } = usePlatform().preferences
  const width = useReadable(listWidth)
  /** Distance of the pointer to the edge while it is dragged. */
  const [grip, setGrip] = useState<number>()
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button === 0) {
      event.currentTarget.setPointerCapture(event.pointerId)
      setGrip(event.clientX - width)
    }
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator that moves is a control
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={t.resize}
      aria-valuenow={width}
      aria-valuemin={LIST_WIDTH_MIN}
      aria-valuemax={LIST_WIDTH_MAX}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      className="list-edge"
      onPointerDown={onPointerDown}
      onPointerMove={(event) => grip !== undefined && listWidth.set(event.clientX - grip)}
      onPointerUp={() => setGrip(undefined)}
      onPointerCancel={() => setGrip(undefined)}
      onDoubleClick={() => listWidth.set(LIST_WIDTH)}
      onKeyDown={(event) => {
        const next = widthAfter(event, width)
        if (next !== undefined) {
          event.preventDefault()
          event.stopPropagation()
          listWidth.set(next)
        }
      }}
    />
  )
}

function widthAfter({ key }: KeyboardEvent, width: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return width - KEY_STEP
    case 'ArrowRight':
      return width + KEY_STEP
    case 'Home':
      return LIST_WIDTH_MIN
    case 'End':
      return LIST_WIDTH_MAX
    case 'Enter':
      return LIST_WIDTH
    default:
      return undefined
  }
}

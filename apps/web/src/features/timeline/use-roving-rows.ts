import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { TimelineController } from './timeline-controller.ts'
import type { ListState } from './view-state.ts'

interface RovingRows {
  /** Key of the one row that Tab reaches. */
  readonly activeKey: string | undefined
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly onFocus: (event: { readonly target: EventTarget }) => void
}

/** The timeline is one tab stop: arrows go by message, PageUp and PageDown by screen, Home and End to the ends. */
export function useRovingRows(controller: TimelineController, list: ListState): RovingRows {
  const [chosen, setChosen] = useState<string>()
  const wanted = useRef<string | 'first' | 'last' | undefined>(undefined)
  const keys = list.rows.filter((row) => row.kind === 'message' || row.kind === 'event').map((row) => row.key)
  const activeKey = chosen !== undefined && keys.includes(chosen) ? chosen : keys.at(-1)

  useEffect(() => {
    const key =
      wanted.current === 'first' ? keys[0] : wanted.current === 'last' ? keys.at(-1) : wanted.current
    const row = key === undefined ? null : controller.row(key)
    if (row !== null) {
      wanted.current = undefined
      focusRow(row)
    }
  })

  const move = useCallback(
    (key: string | undefined) => {
      if (key !== undefined) {
        setChosen(key)
        const row = controller.row(key)
        wanted.current = row === null ? key : undefined
        if (row !== null) {
          focusRow(row)
        }
      }
    },
    [controller],
  )

  const jump = useCallback((to: 'first' | 'last', go: () => Promise<void>) => {
    wanted.current = to
    // The failed page shows itself; the focus stays where it was.
    go().catch(() => (wanted.current = undefined))
  }, [])

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const from = keyOf(event.target) ?? controller.visibleKeys()[0]
    if (
      from === undefined ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.nativeEvent.isComposing
    ) {
      return
    }
    const actions: Partial<Record<string, () => void>> = {
      ArrowUp: () => move(controller.neighbour(from, 'up')),
      ArrowDown: () => move(controller.neighbour(from, 'down')),
      PageUp: () => {
        controller.scrollByScreen('up')
        move(controller.visibleKeys().at(-1))
      },
      PageDown: () => {
        controller.scrollByScreen('down')
        move(controller.visibleKeys()[0])
      },
      Home: () => jump('first', () => controller.jumpToStart()),
      End: () => jump('last', () => controller.jumpToLatest()),
      Escape: () => event.target !== event.currentTarget && move(from),
    }
    const action = actions[event.key]
    const inside =
      event.key !== 'Escape' ||
      !(event.target instanceof HTMLElement) ||
      event.target.dataset['key'] === undefined
    if (action !== undefined && inside) {
      event.preventDefault()
      action()
    }
  }

  const onFocus = useCallback(({ target }: { readonly target: EventTarget }) => {
    const key = keyOf(target)
    if (key !== undefined) {
      setChosen(key)
    }
  }, [])

  return { activeKey, onKeyDown, onFocus }
}

function keyOf(target: EventTarget): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset['key'] : undefined
}

function focusRow(row: HTMLElement): void {
  row.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest', behavior: 'instant' })
}

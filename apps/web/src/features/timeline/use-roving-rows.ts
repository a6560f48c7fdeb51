import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
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
  /** A row that gets the focus as soon as it is drawn. */
  const wanted = useRef<string | undefined>(undefined)
  const keys = focusableKeys(list)
  const activeKey = chosen !== undefined && keys.includes(chosen) ? chosen : keys.at(-1)

  useEffect(() => {
    const row = wanted.current === undefined ? null : controller.row(wanted.current)
    if (row !== null) {
      wanted.current = undefined
      focusRow(row)
    }
  })

  const moves = useMemo<Moves>(() => {
    const to = (key: string | undefined): void => {
      if (key !== undefined) {
        setChosen(key)
        const row = controller.row(key)
        wanted.current = row === null ? key : undefined
        focusRow(row)
      }
    }
    return {
      to,
      end(index, go) {
        // A page that fails shows itself; the focus stays where it was.
        go().then(
          () => to(focusableKeys(controller.list.get()).at(index)),
          () => {},
        )
      },
    }
  }, [controller])
  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => act(event, controller, moves),
    [controller, moves],
  )
  const onFocus = useCallback(
    ({ target }: { readonly target: EventTarget }) => setChosen((before) => keyOf(target) ?? before),
    [],
  )
  return { activeKey, onKeyDown, onFocus }
}

function focusableKeys(list: ListState): readonly string[] {
  return list.rows.filter((row) => row.kind === 'message' || row.kind === 'event').map((row) => row.key)
}

interface Moves {
  to(key: string | undefined): void
  /** To the row at `index` once `go` is done; -1 is the last. */
  end(index: 0 | -1, go: () => Promise<void>): void
}

function act(event: KeyboardEvent<HTMLElement>, controller: TimelineController, moves: Moves): void {
  const from = keyOf(event.target) ?? controller.visibleKeys()[0]
  const modified = event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing
  // With Shift it is the page's key for all read.
  const isForPage = event.key === 'Escape' && event.shiftKey
  if (from === undefined || modified || isForPage) {
    return
  }
  const action = actionOf(event.key, from, controller, moves)
  // Escape leads from a button of a row back to the row; from the row it belongs to the page.
  const onRow = event.target instanceof HTMLElement && event.target.dataset['key'] !== undefined
  if (action !== undefined && !(event.key === 'Escape' && onRow)) {
    event.preventDefault()
    action()
  }
}

function actionOf(
  key: string,
  from: string,
  controller: TimelineController,
  moves: Moves,
): (() => void) | undefined {
  switch (key) {
    case 'ArrowUp':
      return () => moves.to(controller.neighbour(from, 'up'))
    case 'ArrowDown':
      return () => moves.to(controller.neighbour(from, 'down'))
    case 'PageUp':
      return () => {
        controller.scrollByScreen('up')
        moves.to(controller.visibleKeys().at(-1))
      }
    case 'PageDown':
      return () => {
        controller.scrollByScreen('down')
        moves.to(controller.visibleKeys()[0])
      }
    case 'Home':
      return () => moves.end(0, () => controller.jumpToStart())
    case 'End':
      return () => moves.end(-1, () => controller.jumpToLatest())
    case 'Escape':
      return () => moves.to(from)
    default:
      return undefined
  }
}

function keyOf(target: EventTarget): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('[data-key]')?.dataset['key'] : undefined
}

function focusRow(row: HTMLElement | null): void {
  row?.focus({ preventScroll: true })
  row?.scrollIntoView({ block: 'nearest', behavior: 'instant' })
}

/** Marks the panes that F6 visits, in document order; the values name them. */
export type Landmark = 'rail' | 'list' | 'timeline' | 'composer' | 'panel'

const SELECTOR = '[data-landmark]'

/**
 * Gives the focus back to `opener`, or to the composer when the opener is gone; on touch to the messages, because the
 * keyboard would jump up.
 */
export function focusAfterClose(opener: Element | null): void {
  if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) {
    opener.focus({ preventScroll: true })
  } else {
    focusLandmark(window.matchMedia('(pointer: fine)').matches ? 'composer' : 'timeline')
  }
}

/** Focuses a pane: the element in it marked `data-landmark-focus`, else the pane itself. Returns whether it exists. */
export function focusLandmark(name: Landmark): boolean {
  const pane = visibleLandmarks().find((element) => element.dataset['landmark'] === name)
  if (pane === undefined) {
    return false
  }
  enter(pane)
  return true
}

/** Puts the caret into the composer, if there is one to write in: a key that is going down lands there. */
export function focusComposerField(): void {
  document.querySelector<HTMLElement>('textarea.composer-field')?.focus({ preventScroll: true })
}

/** Moves the focus to the next pane, or the one before. */
export function cycleLandmark(direction: 1 | -1): void {
  const panes = visibleLandmarks()
  const current = panes.findIndex((pane) => pane.contains(document.activeElement))
  const next = current === -1 ? (direction === 1 ? 0 : panes.length - 1) : current + direction
  const pane = panes[(next + panes.length) % panes.length]
  if (pane !== undefined) {
    enter(pane)
  }
}

function visibleLandmarks(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(SELECTOR)].filter((pane) => pane.checkVisibility())
}

function enter(pane: HTMLElement): void {
  const inner = pane.querySelector<HTMLElement>('[data-landmark-focus]:not([inert] *)')
  const target = inner ?? pane
  target.focus({ preventScroll: true })
}

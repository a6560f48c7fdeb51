/* Measures of the timeline's rows. Rows are direct children of `content`, in order; anchors carry `data-key`. */

/** Where a row is to be put: middle of the view, a quarter from its top, its bottom or top minus the view's in px. */
export type Place = 'middle' | 'top' | number | { readonly top: number }

export interface Anchor {
  readonly key: string
  /** Row bottom minus view bottom, pixels. */
  readonly below: number
}

/** Visible rows remembered, bottom-most first; the others serve when that one disappears. */
const ANCHORS_MAX = 4

export function distanceToEnd(view: HTMLElement): number {
  return view.scrollHeight - view.clientHeight - view.scrollTop
}

export function rowOf(content: HTMLElement, key: string): HTMLElement | null {
  return content.querySelector<HTMLElement>(`:scope > [data-key="${CSS.escape(key)}"]`)
}

/** Pixels to scroll so that `row` comes to `place`. */
export function deltaToPlace(view: HTMLElement, row: HTMLElement, place: Place): number {
  const frame = view.getBoundingClientRect()
  const box = row.getBoundingClientRect()
  if (typeof place === 'number') {
    return box.bottom - frame.bottom - place
  }
  if (typeof place === 'object') {
    return box.top - frame.top - place.top
  }
  const wanted = place === 'top' ? frame.height / 4 : Math.max(0, (frame.height - box.height) / 2)
  return box.top - frame.top - wanted
}

/** Pixels to scroll so that the first anchor that still exists is where it was. */
export function deltaToAnchor(view: HTMLElement, content: HTMLElement, anchors: readonly Anchor[]): number {
  const bottom = view.getBoundingClientRect().bottom
  for (const anchor of anchors) {
    const row = rowOf(content, anchor.key)
    if (row !== null) {
      return row.getBoundingClientRect().bottom - bottom - anchor.below
    }
  }
  return 0
}

/** The rows on the screen, bottom-most first. */
export function visibleRows(view: HTMLElement, content: HTMLElement): readonly HTMLElement[] {
  const frame = view.getBoundingClientRect()
  const rows: HTMLElement[] = []
  for (let index = childrenAbove(content, frame.bottom) - 1; index >= 0; index--) {
    const child = content.children[index]
    if (child === undefined || child.getBoundingClientRect().bottom <= frame.top) {
      break
    }
    if (child instanceof HTMLElement && child.dataset['key'] !== undefined) {
      rows.push(child)
    }
  }
  return rows
}

/** Visible rows and where they are, bottom-most first. */
export function anchorsNow(view: HTMLElement, content: HTMLElement): readonly Anchor[] {
  const bottom = view.getBoundingClientRect().bottom
  return visibleRows(view, content)
    .slice(0, ANCHORS_MAX)
    .map((row) => ({ key: row.dataset['key'] ?? '', below: row.getBoundingClientRect().bottom - bottom }))
}

/** How many children begin above `y`; they are in order, so halving finds it. */
function childrenAbove(content: HTMLElement, y: number): number {
  let low = 0
  let high = content.children.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const top = content.children[middle]?.getBoundingClientRect().top ?? Infinity
    if (top < y) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

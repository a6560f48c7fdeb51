const GAP = 6
const EDGE = 8

/** Puts a fixed `popover` under `anchor`, right edges aligned when it would leave the window, above when below is full. */
export function placeBeside(popover: HTMLElement, anchor: Element): void {
  const from = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = popover
  const below = from.bottom + GAP
  const fitsBelow = below + height <= window.innerHeight - EDGE
  const left = from.left + width <= window.innerWidth - EDGE ? from.left : from.right - width
  popover.style.left = `${Math.max(EDGE, left)}px`
  popover.style.top = `${Math.max(EDGE, fitsBelow ? below : from.top - GAP - height)}px`
}

/** Puts a small label centred over `anchor`, under it when there is no room above. */
export function placeOver(label: HTMLElement, anchor: Element): void {
  const from = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = label
  const centred = from.left + from.width / 2 - width / 2
  const above = from.top - GAP - height
  label.style.left = `${Math.min(Math.max(EDGE, centred), window.innerWidth - EDGE - width)}px`
  label.style.top = `${above >= EDGE ? above : from.bottom + GAP}px`
}

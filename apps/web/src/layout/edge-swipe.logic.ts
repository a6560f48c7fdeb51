/** A swipe back begins this close to the left edge. */
export const EDGE_ZONE_PX = 28
/** Less than this is a tap. */
const CLAIM_PX = 8
/** A page let go farther than this part of the width goes; nearer it comes back. */
const DONE_PART = 1 / 3
/** A flick goes whatever the distance. */
const FLICK_PX_PER_MS = 0.45

export interface Touch {
  readonly x: number
  readonly y: number
  /** Milliseconds. */
  readonly at: number
}

/** What a movement from the edge is: still open, a swipe to the right, or something else (a scroll, a tap). */
export function kindOfMove(from: Touch, to: Touch): 'open' | 'swipe' | 'other' {
  const along = to.x - from.x
  const across = Math.abs(to.y - from.y)
  if (Math.max(Math.abs(along), across) < CLAIM_PX) {
    return 'open'
  }
  return along > across * 1.5 ? 'swipe' : 'other'
}

/** Whether a swipe that ends at `to` goes through; `before` is where the finger was a moment earlier. */
export function goesThrough(from: Touch, before: Touch, to: Touch, width: number): boolean {
  const speed = (to.x - before.x) / Math.max(1, to.at - before.at)
  return speed >= FLICK_PX_PER_MS || (speed > -FLICK_PX_PER_MS && to.x - from.x > width * DONE_PART)
}

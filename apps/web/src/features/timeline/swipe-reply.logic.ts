/** A message let go this far from its place is answered; nearer it goes back. */
export const REPLY_AT_PX = 56
/** Beyond that the message follows more and more slowly: there is nothing further to reach. */
const BEYOND_PART = 0.2
const FURTHEST_PX = 88

/** How far a message stands from its place when the finger went `along` pixels to the right. */
export function offsetOf(along: number): number {
  const beyond = Math.max(0, along - REPLY_AT_PX) * BEYOND_PART
  return Math.min(FURTHEST_PX, Math.max(0, Math.min(along, REPLY_AT_PX)) + beyond)
}

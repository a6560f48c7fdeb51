import { SYNC_GAP_MAX } from '@tam/protocol'
import { unreachable } from '@tam/util'
import type { ResyncEvent } from './event.ts'
import type { Stream } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'

export const stepwise: Invariant = {
  id: 'I7',
  holds: 'each session gets a log strictly + 1, and goes on after a reconnect where it was',
  jepsen: 'poll-skip, nonmonotonic-poll',
  check(history, found) {
    let judged = 0
    for (const stream of history.streams) {
      judged += checkStream(stream, found)
    }
    return judged
  },
}

function checkStream({ session, conv, deliveries }: Stream, found: Findings): number {
  let applied: number | undefined
  for (const delivery of deliveries) {
    const before = applied
    switch (delivery.type) {
      case 'recv':
        if (before === undefined || delivery.seq !== before + 1) {
          found.add(() => `${conv}: ${session} got seq ${delivery.seq} after ${before ?? 'nothing'}`)
        }
        applied = delivery.seq
        break
      case 'resume':
        if (delivery.from !== before && (delivery.cause === 'reconnect' || before !== undefined)) {
          found.add(() => `${conv}: ${session} resumed from ${delivery.from}, had ${before ?? 'nothing'}`)
        }
        applied = delivery.from
        break
      case 'resync':
        if (!isDue(delivery)) {
          found.add(
            () => `${conv}: ${session} at ${delivery.from} was told to start over: ${delivery.reason}`,
          )
        }
        applied = delivery.head
        break
      case 'leave':
        applied = undefined
        break
      default:
        unreachable(delivery)
    }
  }
  return deliveries.length
}

/** Nothing but a gap over the wire's limit makes a session start over here: the drill restores no backup. */
function isDue(resync: ResyncEvent): boolean {
  return resync.reason === 'gap_too_large' && resync.head - resync.from > SYNC_GAP_MAX
}

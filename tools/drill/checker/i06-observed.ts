import type { Seen } from './event.ts'
import type { FinalLog } from './history.ts'
import type { Invariant } from './invariant.ts'

export const observed: Invariant = {
  id: 'I6',
  holds: 'every delivery and history read equals the final log at that seq',
  jepsen: 'inconsistent-offsets',
  check(history, found) {
    let judged = 0
    for (const { conv, session, deliveries } of history.streams) {
      const log = history.logs.get(conv)
      for (const delivery of deliveries) {
        if (delivery.type === 'recv') {
          judged++
          if (!matches(log, delivery)) {
            found.add(
              () =>
                `${conv}: ${session} received ${show(delivery)}, final is ${showFinal(log, delivery.seq)}`,
            )
          }
        }
      }
    }
    for (const read of history.histories) {
      const log = history.logs.get(read.conv)
      for (const seen of read.entries) {
        judged++
        if (!matches(log, seen)) {
          found.add(
            () => `${read.conv}: ${read.session} read ${show(seen)}, final is ${showFinal(log, seen.seq)}`,
          )
        }
      }
    }
    return judged
  },
}

function matches(log: FinalLog | undefined, seen: Seen): boolean {
  const entry = log?.bySeq.get(seen.seq)
  return (
    entry !== undefined && entry.cid === seen.cid && entry.author === seen.author && entry.sha === seen.sha
  )
}

function show(seen: Seen): string {
  return `seq ${seen.seq} cid ${seen.cid} sha ${seen.sha}`
}

function showFinal(log: FinalLog | undefined, seq: number): string {
  const entry = log?.bySeq.get(seq)
  return entry === undefined ? 'nothing' : show(entry)
}

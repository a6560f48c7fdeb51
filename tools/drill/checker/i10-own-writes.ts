import { cidKey } from './history.ts'
import type { History } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'

type Moment = { at: number; seq: number }

export const ownWrites: Invariant = {
  id: 'I10',
  holds: "one's own history reads show one's own acknowledged sends, and never go back",
  check(history, found) {
    return checkOwn(history, found) + checkMonotone(history, found)
  },
}

function checkOwn(history: History, found: Findings): number {
  const acks = acksByWriter(history)
  let judged = 0
  for (const read of history.histories) {
    const own = acks.get(cidKey(read.user, read.conv))
    const due = own === undefined ? 0 : highestBefore(own, read.at)
    if (due > 0) {
      judged++
      if (read.head < due) {
        found.add(
          () => `${read.conv}: ${read.user} had an ack of seq ${due}, then read a head of ${read.head}`,
        )
      }
    }
  }
  return judged
}

/** Per (user, conversation): acks in order of time, each with the highest seq so far. */
function acksByWriter(history: History): Map<string, Moment[]> {
  const acks = new Map<string, Moment[]>()
  for (const { send, outcome } of history.attempts) {
    if (outcome?.type === 'ok') {
      const writer = cidKey(send.user, send.conv)
      const own = acks.get(writer) ?? []
      acks.set(writer, own)
      own.push({ at: outcome.at, seq: outcome.seq })
    }
  }
  for (const own of acks.values()) {
    own.sort((a, b) => a.at - b.at)
    let highest = 0
    for (const moment of own) {
      highest = moment.seq = Math.max(highest, moment.seq)
    }
  }
  return acks
}

function highestBefore(moments: readonly Moment[], at: number): number {
  let low = 0
  let high = moments.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((moments[middle]?.at ?? Infinity) < at) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return moments[low - 1]?.seq ?? 0
}

/** A session has one read of a log in flight at a time, so its heads never fall. */
function checkMonotone(history: History, found: Findings): number {
  const heads = new Map<string, Moment>()
  for (const read of history.histories) {
    const reader = cidKey(read.session, read.conv)
    const before = heads.get(reader)
    if (before !== undefined && before.at < read.at && read.head < before.seq) {
      found.add(() => `${read.conv}: ${read.session} read a head of ${before.seq}, later of ${read.head}`)
    }
    if (before === undefined || read.head > before.seq) {
      heads.set(reader, { at: read.until, seq: read.head })
    }
  }
  return history.histories.length
}

import { UNREAD_EXACT_MAX } from '@tam/protocol'
import type { UnreadEvent } from './event.ts'
import { cidKey, referenceDump } from './history.ts'
import type { FinalLog, History } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'

export const readState: Invariant = {
  id: 'I12',
  holds: 'read positions only grow, devices agree at rest, unread is what the log says',
  check(history, found) {
    return checkNotices(history, found) + checkDevices(history, found) + checkUnread(history, found)
  },
}

interface Told {
  readonly at: number
  readonly seq: number
}

/**
 * A position is told after it is stored: what any device of a person was told, every later answer has reached.
 * Notices are hints and may come late; a client keeps the highest.
 */
function checkNotices(history: History, found: Findings): number {
  const told = new Map<string, Told[]>()
  const highest = (user: string, conv: string, before: number) =>
    (told.get(cidKey(user, conv)) ?? []).findLast(({ at }) => at < before)?.seq ?? 0
  for (const { user, conv, session, seq, at, asked } of history.reads.toSorted((a, b) => a.at - b.at)) {
    const before = asked === undefined ? 0 : highest(user, conv, asked)
    if (seq < before) {
      found.add(() => `${conv}: ${user} had been told read ${before}, then ${session} asked and got ${seq}`)
    }
    const ofUser = told.get(cidKey(user, conv)) ?? []
    told.set(cidKey(user, conv), ofUser)
    ofUser.push({ at, seq: Math.max(seq, ofUser.at(-1)?.seq ?? 0) })
  }
  for (const rest of history.unreads) {
    const before = highest(rest.user, rest.conv, rest.at)
    if (rest.read < before) {
      found.add(() => `${rest.conv}: ${rest.user} was told read ${before}, at rest it is ${rest.read}`)
    }
  }
  return history.reads.length
}

function checkDevices(history: History, found: Findings): number {
  const first = new Map<string, UnreadEvent>()
  for (const rest of history.unreads) {
    const key = cidKey(rest.user, rest.conv)
    const other = first.get(key)
    if (other === undefined) {
      first.set(key, rest)
    } else if (other.read !== rest.read || other.unread !== rest.unread) {
      found.add(
        () =>
          `${rest.conv}: ${other.session} has read ${other.read}, unread ${other.unread}; ` +
          `${rest.session} has ${rest.read}, ${rest.unread}`,
      )
    }
  }
  return history.unreads.length
}

function checkUnread(history: History, found: Findings): number {
  const seen = new Set<string>()
  for (const rest of history.unreads) {
    const log = history.logs.get(rest.conv)
    const key = cidKey(rest.user, rest.conv)
    if (log === undefined || seen.has(key)) {
      continue
    }
    seen.add(key)
    const expected = countUnread(log, rest)
    if (rest.unread !== expected) {
      found.add(
        () =>
          `${rest.conv}: ${rest.user} has unread ${rest.unread} after ${rest.read}, the log says ${expected}`,
      )
    }
  }
  return seen.size
}

function countUnread(log: FinalLog, rest: UnreadEvent): number {
  const entries = referenceDump(log)?.entries ?? []
  let unread = 0
  for (let i = entries.length - 1; i >= 0 && unread <= UNREAD_EXACT_MAX; i--) {
    const entry = entries[i]
    if (entry === undefined || entry.seq <= rest.read) {
      break
    }
    unread += entry.kind === 'message' && entry.author !== rest.user ? 1 : 0
  }
  return unread
}

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

/** A position is told after it is stored: what a device was told once, every later view has reached. */
function checkNotices(history: History, found: Findings): number {
  const told = new Map<string, number>()
  for (const notice of history.reads) {
    const key = cidKey(notice.session, notice.conv)
    const before = told.get(key) ?? 0
    if (notice.seq < before) {
      found.add(() => `${notice.conv}: ${notice.session} was told read ${before}, later ${notice.seq}`)
    }
    told.set(key, Math.max(before, notice.seq))
  }
  for (const rest of history.unreads) {
    const before = told.get(cidKey(rest.session, rest.conv)) ?? 0
    if (rest.read < before) {
      found.add(() => `${rest.conv}: ${rest.session} was told read ${before}, at rest it is ${rest.read}`)
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

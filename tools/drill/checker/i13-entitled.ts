import type { History, Stream } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'
import { Absences } from './membership.ts'

/** Milliseconds after which a removal or revocation has reached every connection, with a healthy bus and without. */
export const REACHED_MS = { healthy: 2_000, disturbed: 15_000 }
/** Milliseconds that the fleet may need after a fault to be healthy again. */
const RECOVERY_MS = 5_000

export const entitled: Invariant = {
  id: 'I13',
  holds: 'nothing reaches who was removed or logged out, beyond 2 s (15 s around a fault)',
  check(history, found) {
    const absences = new Absences(history)
    for (const stream of history.streams) {
      checkRemoved(history, absences, stream, found)
    }
    checkReads(history, absences, found)
    checkRevoked(history, found)
    return absences.size + history.revocations.length
  },
}

function checkRemoved(history: History, absences: Absences, stream: Stream, found: Findings): void {
  const { session, conv, deliveries } = stream
  for (const { from, to } of absences.of(conv, history.owners.get(session) ?? session)) {
    const due = from + reachedMs(history, from)
    for (const { type, at } of deliveries) {
      if (type === 'recv' && at > due && at < to) {
        found.add(() => `${conv}: ${session} received an entry ${seconds(at - from)} after its removal`)
      }
    }
  }
}

function checkReads(history: History, absences: Absences, found: Findings): void {
  for (const { conv, user, session, at } of history.histories) {
    const absence = absences.at(conv, user, at)
    if (absence !== undefined && at > absence.from + reachedMs(history, absence.from)) {
      found.add(() => `${conv}: ${session} read history ${seconds(at - absence.from)} after its removal`)
    }
  }
}

function checkRevoked(history: History, found: Findings): void {
  const revoked = new Map(history.revocations.map(({ session, at }) => [session, at]))
  for (const { session, conv, deliveries } of history.streams) {
    const revokedAt = revoked.get(session)
    if (revokedAt === undefined) {
      continue
    }
    const due = revokedAt + reachedMs(history, revokedAt)
    for (const { type, at } of deliveries) {
      if (type === 'recv' && at > due) {
        found.add(() => `${conv}: ${session} received an entry ${seconds(at - revokedAt)} after its logout`)
      }
    }
  }
}

function reachedMs({ faults }: History, at: number): number {
  const isDisturbed = faults.some(
    (fault) => fault.at < at + REACHED_MS.healthy && at < fault.until + RECOVERY_MS,
  )
  return isDisturbed ? REACHED_MS.disturbed : REACHED_MS.healthy
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`
}

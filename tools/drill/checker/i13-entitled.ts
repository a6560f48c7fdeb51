import type { History, Stream } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'
import { Absences } from './membership.ts'

/** Milliseconds after which a removal or revocation has reached every connection, with a healthy bus and without. */
export const REACHED_MS = { healthy: 2_000, disturbed: 15_000 }
/** Milliseconds that the fleet may need after a fault to be healthy again. */
const RECOVERY_MS = 5_000

/** The same where the machine is too slow for its times to be judged. */
const SLOW_MS = 60_000

interface Judging {
  readonly history: History
  readonly absences: Absences
  readonly found: Findings
  /** By when a removal or revocation that was confirmed at `at` has reached everybody. */
  readonly due: (at: number) => number
}

/** `isSlow`: only that it ends is judged, not how soon. */
export function entitled(isSlow = false): Invariant {
  return {
    id: 'I13',
    holds: isSlow
      ? `nothing reaches who was removed or logged out, beyond ${SLOW_MS / 1_000} s`
      : 'nothing reaches who was removed or logged out, beyond 2 s (15 s around a fault)',
    check(history, found) {
      const due = (at: number) => at + (isSlow ? SLOW_MS : reachedMs(history, at))
      const absences = new Absences(history)
      const judging = { history, absences, due, found }
      for (const stream of history.streams) {
        checkRemoved(judging, stream)
      }
      checkReads(judging)
      checkRevoked(judging)
      return absences.size + history.revocations.length
    },
  }
}

function checkRemoved(
  { history, absences, due, found }: Judging,
  { session, conv, deliveries }: Stream,
): void {
  for (const { from, to } of absences.of(conv, history.owners.get(session) ?? session)) {
    const end = due(from)
    for (const { type, at } of deliveries) {
      if (type === 'recv' && at > end && at < to) {
        found.add(() => `${conv}: ${session} received an entry ${seconds(at - from)} after its removal`)
      }
    }
  }
}

function checkReads({ history, absences, due, found }: Judging): void {
  for (const { conv, user, session, at } of history.histories) {
    const absence = absences.at(conv, user, at)
    if (absence !== undefined && at > due(absence.from)) {
      found.add(() => `${conv}: ${session} read history ${seconds(at - absence.from)} after its removal`)
    }
  }
}

function checkRevoked({ history, due, found }: Judging): void {
  const revoked = new Map(history.revocations.map(({ session, at }) => [session, at]))
  for (const { session, conv, deliveries } of history.streams) {
    const revokedAt = revoked.get(session)
    if (revokedAt === undefined) {
      continue
    }
    const end = due(revokedAt)
    for (const { type, at } of deliveries) {
      if (type === 'recv' && at > end) {
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

import { STORE, cidKey } from './history.ts'
import type { FinalLog, History } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'
import { REACHED_MS } from './i13-entitled.ts'
import { Absences } from './membership.ts'

/** Milliseconds of not being read after which an absent person is told. */
const QUIET_MS = 30_000
/** Milliseconds after a read within which nothing about it is shown any more. */
const WITHDRAWN_MS = 30_000

export const pushes: Invariant = {
  id: 'I14',
  holds: 'who is away is told once per device and message, not after reading it, and only as a member',
  check(history, found) {
    const shown = Map.groupBy(
      history.pushes.filter(({ action }) => action === 'show'),
      ({ device, conv, seq }) => pushKey(device, conv, seq),
    )
    for (const [key, shows] of shown) {
      if (shows.length > 1) {
        found.add(() => `${key} was shown ${shows.length} times`)
      }
    }
    checkAfterRead(history, found)
    checkMembers(history, found)
    return history.pushes.length + checkMissing(history, shown, found)
  },
}

function checkAfterRead(history: History, found: Findings): void {
  const reads = Map.groupBy(history.reads, ({ user, conv }) => cidKey(user, conv))
  for (const { action, device, user, conv, seq, at } of history.pushes) {
    const read = reads.get(cidKey(user, conv))?.find((position) => position.seq >= seq)
    if (action === 'show' && read !== undefined && at > read.at + WITHDRAWN_MS) {
      found.add(() => `${conv}: seq ${seq} was shown on ${device} ${at - read.at} ms after it was read`)
    }
  }
}

function checkMembers(history: History, found: Findings): void {
  const absences = new Absences(history)
  for (const { action, device, user, conv, seq, at } of history.pushes) {
    const absence = absences.at(conv, user, at)
    if (action === 'show' && absence !== undefined && at > absence.from + REACHED_MS.disturbed) {
      found.add(() => `${conv}: seq ${seq} was shown on ${device}, whose owner is no member`)
    }
  }
}

/** What was acknowledged long enough before somebody came back has been shown on their device. */
function checkMissing(history: History, shown: ReadonlyMap<string, unknown>, found: Findings): number {
  const absences = new Absences(history)
  const acked = firstAcks(history)
  let judged = 0
  for (const { user, device, at, until } of history.offline) {
    for (const log of history.logs.values()) {
      for (const entry of messagesTo(log, user)) {
        const ackedAt = acked.get(`${log.conv} ${entry.seq}`) ?? 0
        const isDue = ackedAt >= at && ackedAt + QUIET_MS + WITHDRAWN_MS < until
        if (isDue && isIn(history, log, user) && absences.isMemberThroughout(log.conv, user, at, until)) {
          judged++
          if (!shown.has(pushKey(device, log.conv, entry.seq))) {
            found.add(() => `${log.conv}: seq ${entry.seq} was never shown on ${device}`)
          }
        }
      }
    }
  }
  return judged
}

function firstAcks({ attempts }: History): Map<string, number> {
  const acked = new Map<string, number>()
  for (const { send, outcome } of attempts) {
    if (outcome?.type === 'ok') {
      const key = `${send.conv} ${outcome.seq}`
      acked.set(key, Math.min(outcome.at, acked.get(key) ?? Infinity))
    }
  }
  return acked
}

function messagesTo(log: FinalLog, user: string) {
  const dump = log.dumps.get(STORE)
  return (dump?.entries ?? []).filter(({ kind, author }) => kind === 'message' && author !== user)
}

/** Somebody whose devices ever followed the log, or who was ever added to it. */
function isIn({ streams, owners, memberships }: History, { conv }: FinalLog, user: string): boolean {
  return (
    streams.some((stream) => stream.conv === conv && owners.get(stream.session) === user) ||
    memberships.some((change) => change.conv === conv && change.user === user)
  )
}

function pushKey(device: string, conv: string, seq: number): string {
  return `${conv}: seq ${seq} on ${device}`
}

import { cidKey } from './history.ts'
import type { History, Stream } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'

/** Milliseconds after the last fault within which every live session holds every entry. */
export const HEAL_MS = 10_000

export const live: Invariant = {
  id: 'I11',
  holds: `soon after healing (${HEAL_MS / 1000} s) every live session is at the head and every send is decided`,
  jepsen: 'unseen',
  check(history, found) {
    const healed = history.mark('heal')
    if (healed === undefined) {
      return 0
    }
    const deadline = healed.at + (healed.withinMs ?? HEAL_MS)
    for (const { what } of history.unconfirmed) {
      found.add(() => `never confirmed: ${what}`)
    }
    return checkSessions(history, deadline, found) + checkDecided(history, found)
  },
}

function checkSessions(history: History, deadline: number, found: Findings): number {
  let judged = 0
  for (const stream of history.streams) {
    const log = history.logs.get(stream.conv)
    if (log === undefined || history.stopped.has(stream.session) || isOutside(history, stream)) {
      continue
    }
    judged++
    const applied = appliedBy(stream, deadline)
    if (applied < log.head) {
      found.add(() => `${stream.conv}: ${stream.session} stands at ${applied} of ${log.head}`)
    }
  }
  return judged
}

/** Whoever was removed in the end is owed nothing more. */
function isOutside({ memberships, owners }: History, { session, conv }: Stream): boolean {
  const user = owners.get(session)
  const last = memberships.findLast((event) => event.conv === conv && event.user === user)
  return last !== undefined && last.change !== 'added'
}

function appliedBy(stream: Stream, deadline: number): number {
  const last = stream.deliveries.findLast((delivery) => delivery.at <= deadline)
  switch (last?.type) {
    case undefined:
    case 'leave':
      return 0
    case 'recv':
      return last.seq
    case 'resume':
      return last.from
    case 'resync':
      return last.head
  }
}

/** Every cid ends with an `ok` or a `fail`: an unknown outcome is retried until it is one of them. */
function checkDecided(history: History, found: Findings): number {
  const decided = new Map<string, boolean>()
  for (const { send, outcome } of history.attempts) {
    const key = `${send.conv} ${cidKey(send.user, send.cid)}`
    const isDecided = outcome?.type === 'ok' || outcome?.type === 'fail'
    decided.set(key, isDecided || decided.get(key) === true)
  }
  for (const [key, isDecided] of decided) {
    if (!isDecided) {
      found.add(() => `${key}: the outcome stayed unknown`)
    }
  }
  return decided.size
}

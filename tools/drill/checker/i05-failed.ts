import type { FailEvent, SendEvent } from './event.ts'
import { cidKey } from './history.ts'
import type { History } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'

export const failed: Invariant = {
  id: 'I5',
  holds: 'a refused send is never visible, then or later',
  jepsen: 'aborted read (G1a)',
  check(history, found) {
    const refused = new Map<string, string>()
    for (const { send, outcome } of history.attempts) {
      if (outcome?.type === 'fail') {
        refused.set(`${send.conv} ${cidKey(send.user, send.cid)}`, send.sha)
        checkFinal(history, send, outcome, found)
      }
    }
    if (refused.size > 0) {
      checkObserved(history, refused, found)
    }
    return refused.size
  },
}

/** A cid refused for its other body (`cid_conflict`) is rightly there with the first one. */
function checkFinal(history: History, send: SendEvent, outcome: FailEvent, found: Findings): void {
  const entry = history.stored(send)
  if (entry !== undefined && entry.sha === send.sha) {
    found.add(
      () => `${send.conv}: cid ${send.cid} was refused (${outcome.code}) and is stored at seq ${entry.seq}`,
    )
  }
}

function checkObserved(history: History, refused: ReadonlyMap<string, string>, found: Findings): void {
  for (const { conv, session, deliveries } of history.streams) {
    for (const delivery of deliveries) {
      if (
        delivery.type === 'recv' &&
        refused.get(`${conv} ${cidKey(delivery.author, delivery.cid)}`) === delivery.sha
      ) {
        found.add(() => `${conv}: refused cid ${delivery.cid} was delivered to ${session}`)
      }
    }
  }
}

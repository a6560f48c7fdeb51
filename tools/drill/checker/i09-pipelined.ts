import type { SendEvent } from './event.ts'
import { cidKey } from './history.ts'
import type { History } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'

export const pipelined: Invariant = {
  id: 'I9',
  holds: 'sends pipelined on one connection are stored in that order, none after one that is not stored',
  jepsen: 'send-skip',
  check(history, found) {
    return checkChains(history, found) + checkConnections(history, found)
  },
}

/** A send that names its predecessor comes after it, and only if that one is stored too. */
function checkChains(history: History, found: Findings): number {
  const independent = new Set<string>()
  for (const { send } of history.attempts) {
    if (send.prev === undefined) {
      independent.add(key(send))
    }
  }
  let judged = 0
  for (const { send } of history.attempts) {
    const stored = history.stored(send)
    if (send.prev === undefined || stored === undefined) {
      continue
    }
    judged++
    const before = history.logs.get(send.conv)?.byCid.get(cidKey(send.user, send.prev))
    if (before === undefined ? !independent.has(key(send)) : before.seq > stored.seq) {
      found.add(
        () =>
          `${send.conv}: ${send.cid} (seq ${stored.seq}) follows ${send.prev} (seq ${before?.seq ?? 'none'})`,
      )
    }
  }
  return judged
}

/** Sends of one connection that all succeeded at the first attempt keep their order, chained or not. */
function checkConnections(history: History, found: Findings): number {
  const attempted = new Set<string>()
  const last = new Map<string, { cid: string; seq: number }>()
  let judged = 0
  for (const { send, outcome } of history.attempts) {
    const isFirst = !attempted.has(key(send))
    attempted.add(key(send))
    if (!isFirst || outcome?.type !== 'ok') {
      continue
    }
    judged++
    const lane = `${send.connection} ${send.conv}`
    const before = last.get(lane)
    if (before !== undefined && before.seq > outcome.seq) {
      found.add(
        () =>
          `${send.conv}: ${before.cid} (seq ${before.seq}) was sent before ${send.cid} (seq ${outcome.seq})`,
      )
    }
    last.set(lane, { cid: send.cid, seq: outcome.seq })
  }
  return judged
}

function key(send: SendEvent): string {
  return `${send.conv} ${cidKey(send.user, send.cid)}`
}

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

/**
 * A send that names its predecessor comes after it, and only if that one is stored too; unless the client also
 * sent it without naming the predecessor while that one was undecided.
 */
function checkChains(history: History, found: Findings): number {
  const { acked, independent } = decisions(history)
  let judged = 0
  for (const { send } of history.attempts) {
    const stored = history.stored(send)
    if (send.prev === undefined || stored === undefined) {
      continue
    }
    const released = independent.get(key(send))
    if (released !== undefined && released < (acked.get(key({ ...send, cid: send.prev })) ?? Infinity)) {
      continue
    }
    judged++
    const before = history.logs.get(send.conv)?.byCid.get(cidKey(send.user, send.prev))
    if (before === undefined || before.seq > stored.seq) {
      found.add(
        () =>
          `${send.conv}: ${send.cid} (seq ${stored.seq}) follows ${send.prev} (seq ${before?.seq ?? 'none'})`,
      )
    }
  }
  return judged
}

/** Per send: when it was first acknowledged, and when it was first sent without a predecessor. */
function decisions(history: History): { acked: Map<string, number>; independent: Map<string, number> } {
  const acked = new Map<string, number>()
  const independent = new Map<string, number>()
  for (const { send, outcome } of history.attempts) {
    if (outcome?.type === 'ok') {
      acked.set(key(send), Math.min(outcome.at, acked.get(key(send)) ?? Infinity))
    }
    if (send.prev === undefined) {
      independent.set(key(send), Math.min(send.at, independent.get(key(send)) ?? Infinity))
    }
  }
  return { acked, independent }
}

/** Sends of one connection that all succeeded at their only attempt so far keep their order, chained or not. */
function checkConnections(history: History, found: Findings): number {
  const second = secondAttempts(history)
  const attempted = new Set<string>()
  const last = new Map<string, { cid: string; seq: number }>()
  let judged = 0
  for (const { send, outcome } of history.attempts) {
    const isFirst = !attempted.has(key(send))
    attempted.add(key(send))
    if (!isFirst || outcome?.type !== 'ok' || (second.get(key(send)) ?? Infinity) < outcome.at) {
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

/** When each send that was attempted again was so for the first time. */
function secondAttempts(history: History): Map<string, number> {
  const seen = new Set<string>()
  const second = new Map<string, number>()
  for (const { send } of history.attempts) {
    if (seen.has(key(send)) && !second.has(key(send))) {
      second.set(key(send), send.at)
    }
    seen.add(key(send))
  }
  return second
}

function key({ conv, user, cid }: Pick<SendEvent, 'conv' | 'user' | 'cid'>): string {
  return `${conv} ${cidKey(user, cid)}`
}

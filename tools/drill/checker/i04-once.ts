import { cidKey, referenceDump } from './history.ts'
import type { History } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'

export const once: Invariant = {
  id: 'I4',
  holds: 'each cid is stored at most once, and all its acknowledgements agree',
  jepsen: 'duplicate',
  check(history, found) {
    return checkStored(history, found) + checkAcks(history, found)
  },
}

function checkStored(history: History, found: Findings): number {
  let judged = 0
  for (const log of history.logs.values()) {
    for (const entry of referenceDump(log)?.entries ?? []) {
      judged++
      const first = log.byCid.get(cidKey(entry.author, entry.cid))
      if (first !== undefined && first.seq !== entry.seq) {
        found.add(() => `${log.conv}: cid ${entry.cid} is stored at seq ${first.seq} and ${entry.seq}`)
      }
    }
  }
  return judged
}

function checkAcks(history: History, found: Findings): number {
  const acks = new Map<string, number>()
  let judged = 0
  for (const { send, outcome } of history.attempts) {
    if (outcome?.type !== 'ok') {
      continue
    }
    judged++
    const key = `${send.conv} ${cidKey(send.user, send.cid)}`
    const first = acks.get(key) ?? outcome.seq
    acks.set(key, first)
    if (first !== outcome.seq) {
      found.add(() => `${send.conv}: cid ${send.cid} was acknowledged with seq ${first} and ${outcome.seq}`)
    }
  }
  return judged
}

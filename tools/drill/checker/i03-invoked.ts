import { cidKey, referenceDump } from './history.ts'
import type { History } from './history.ts'
import type { Invariant } from './invariant.ts'

export const invoked: Invariant = {
  id: 'I3',
  holds: 'every message of the final log was sent by its author with that body',
  check(history, found) {
    const sent = shasByCid(history)
    let judged = 0
    for (const log of history.logs.values()) {
      for (const entry of referenceDump(log)?.entries ?? []) {
        if (entry.kind !== 'message') {
          continue
        }
        judged++
        const shas = sent.get(`${log.conv} ${cidKey(entry.author, entry.cid)}`)
        if (shas === undefined || !shas.includes(entry.sha)) {
          found.add(() => `${log.conv}: seq ${entry.seq} cid ${entry.cid} was never sent by ${entry.author}`)
        }
      }
    }
    return judged
  },
}

function shasByCid(history: History): Map<string, string[]> {
  const sent = new Map<string, string[]>()
  for (const { send } of history.attempts) {
    const key = `${send.conv} ${cidKey(send.user, send.cid)}`
    const shas = sent.get(key)
    if (shas === undefined) {
      sent.set(key, [send.sha])
    } else if (!shas.includes(send.sha)) {
      shas.push(send.sha)
    }
  }
  return sent
}

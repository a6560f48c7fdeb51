import type { Invariant } from './invariant.ts'

export const acked: Invariant = {
  id: 'I2',
  holds: 'every acknowledged send is in the final log at its seq, with its cid and body',
  jepsen: 'lost-write',
  check(history, found) {
    let judged = 0
    for (const { send, outcome } of history.attempts) {
      if (outcome?.type !== 'ok') {
        continue
      }
      judged++
      const entry = history.logs.get(send.conv)?.bySeq.get(outcome.seq)
      if (entry?.cid !== send.cid || entry.author !== send.user || entry.sha !== send.sha) {
        found.add(
          () =>
            `${send.conv}: ack of ${send.cid} said seq ${outcome.seq}, which holds ${entry?.cid ?? 'nothing'}`,
        )
      }
    }
    return judged
  },
}

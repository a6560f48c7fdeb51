import { cidKey } from './history.ts'
import type { History } from './history.ts'
import type { Invariant } from './invariant.ts'

interface Span {
  readonly key: string
  readonly seq: number
  invoked: number
  /** Infinity while never acknowledged. */
  acked: number
}

export const realtime: Invariant = {
  id: 'I8',
  holds: 'what was acknowledged before another send began has the lower seq',
  jepsen: 'realtime',
  check(history, found) {
    let judged = 0
    for (const [conv, spans] of spansByConversation(history)) {
      judged += spans.length
      const byInvoke = spans.toSorted((a, b) => a.invoked - b.invoked)
      const byAck = spans.filter((span) => span.acked < Infinity).sort((a, b) => a.acked - b.acked)
      let next = 0
      let highest: Span | undefined
      for (const span of byInvoke) {
        for (let ack = byAck[next]; ack !== undefined && ack.acked < span.invoked; ack = byAck[++next]) {
          highest = highest === undefined || ack.seq > highest.seq ? ack : highest
        }
        const earlier = highest
        if (earlier !== undefined && earlier.seq > span.seq) {
          found.add(
            () =>
              `${conv}: ${earlier.key} (seq ${earlier.seq}) was acknowledged before ${span.key} (seq ${span.seq})`,
          )
        }
      }
    }
    return judged
  },
}

/** One span per stored cid: from its first attempt to its first acknowledgement. */
function spansByConversation(history: History): Map<string, Span[]> {
  const conversations = new Map<string, Map<string, Span>>()
  for (const { send, outcome } of history.attempts) {
    const stored = history.stored(send)
    if (stored === undefined) {
      continue
    }
    const spans = conversations.get(send.conv) ?? new Map<string, Span>()
    conversations.set(send.conv, spans)
    const key = cidKey(send.user, send.cid)
    const span = spans.get(key) ?? { key, seq: stored.seq, invoked: send.at, acked: Infinity }
    spans.set(key, span)
    span.invoked = Math.min(span.invoked, send.at)
    if (outcome?.type === 'ok') {
      span.acked = Math.min(span.acked, outcome.at)
    }
  }
  return new Map([...conversations].map(([conv, spans]) => [conv, [...spans.values()]]))
}

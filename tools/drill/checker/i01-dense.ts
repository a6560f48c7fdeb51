import type { FinalEvent } from './event.ts'
import type { Dump, FinalLog } from './history.ts'
import { referenceDump } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'

export const dense: Invariant = {
  id: 'I1',
  holds: 'the final log is exactly 1..head, and every node shows the same',
  jepsen: 'inconsistent-offsets',
  check(history, found) {
    let judged = 0
    for (const log of history.logs.values()) {
      const reference = referenceDump(log)
      if (reference === undefined) {
        continue
      }
      judged += reference.entries.length
      checkDense(log.conv, reference, found)
      checkSame(log, reference, found)
    }
    return judged
  },
}

function checkDense(conv: string, dump: Dump, found: Findings): void {
  let expected = 1
  for (const entry of dump.entries) {
    if (entry.seq !== expected) {
      found.add(() => `${conv}: seq ${entry.seq} where ${expected} was expected (${dump.node})`)
    }
    expected = entry.seq + 1
  }
}

function checkSame(log: FinalLog, reference: Dump, found: Findings): void {
  for (const dump of log.dumps.values()) {
    if (dump === reference) {
      continue
    }
    const expected =
      dump.scope === 'all' ? reference.entries : reference.entries.filter((entry) => entry.kind === 'message')
    const length = Math.max(expected.length, dump.entries.length)
    for (let i = 0; i < length; i++) {
      if (!same(expected[i], dump.entries[i])) {
        found.add(
          () =>
            `${log.conv}: ${reference.node} has ${show(expected[i])}, ${dump.node} has ${show(dump.entries[i])}`,
        )
        break
      }
    }
  }
}

function same(a: FinalEvent | undefined, b: FinalEvent | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.seq === b.seq &&
    a.cid === b.cid &&
    a.author === b.author &&
    a.sha === b.sha
  )
}

function show(entry: FinalEvent | undefined): string {
  return entry === undefined ? 'nothing' : `seq ${entry.seq} cid ${entry.cid} sha ${entry.sha}`
}

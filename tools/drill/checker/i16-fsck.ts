import type { DedupeEvent, FinalEvent } from './event.ts'
import { STORE } from './history.ts'
import type { FinalLog, History } from './history.ts'
import type { Findings, Invariant } from './invariant.ts'

/** Entries per bucket of a log in the store. */
export const BUCKET = 10_000

/** `bucket`: entries per bucket of the store the history was taken from. */
export function fsck(bucket: number = BUCKET): Invariant {
  return {
    id: 'I16',
    holds: 'in the store entries and dedupe rows pair off, and every bucket but the last is full',
    check(history, found) {
      const dedupes = dedupesByConversation(history)
      let judged = 0
      for (const log of history.logs.values()) {
        const entries = log.dumps.get(STORE)?.entries
        if (entries !== undefined) {
          judged += entries.length
          checkPairs(log, entries, dedupes.get(log.conv) ?? [], found)
          checkBuckets(log, entries, bucket, found)
        }
      }
      return judged
    },
  }
}

function dedupesByConversation(history: History): Map<string, DedupeEvent[]> {
  const dedupes = new Map<string, DedupeEvent[]>()
  for (const row of history.dedupes) {
    const rows = dedupes.get(row.conv)
    if (rows === undefined) {
      dedupes.set(row.conv, [row])
    } else {
      rows.push(row)
    }
  }
  return dedupes
}

function checkPairs(
  log: FinalLog,
  entries: readonly FinalEvent[],
  rows: readonly DedupeEvent[],
  found: Findings,
): void {
  const claimed = new Map<number, DedupeEvent>()
  for (const row of rows) {
    if (row.seq === null) {
      continue
    }
    const entry = log.bySeq.get(row.seq)
    if (entry === undefined || !belongs(row, entry)) {
      found.add(
        () => `${log.conv}: the dedupe row of ${row.cid} names seq ${row.seq}, which is not its entry`,
      )
    } else if (entry.bucket !== row.bucket) {
      found.add(
        () => `${log.conv}: seq ${row.seq} is in bucket ${entry.bucket}, its dedupe row in ${row.bucket}`,
      )
    } else if (claimed.has(row.seq)) {
      found.add(() => `${log.conv}: seq ${row.seq} has two dedupe rows`)
    }
    claimed.set(row.seq, row)
  }
  for (const entry of entries) {
    if (!claimed.has(entry.seq)) {
      found.add(() => `${log.conv}: seq ${entry.seq} cid ${entry.cid} has no dedupe row`)
    }
  }
}

/** A message is deduped under its author; what the server writes, under whom it concerns. */
function belongs(row: DedupeEvent, entry: FinalEvent): boolean {
  return row.cid === entry.cid && (row.author === entry.author || entry.kind !== 'message')
}

/** Full but the last, given a dense log, is the same as: each entry is in the bucket of its seq. */
function checkBuckets(log: FinalLog, entries: readonly FinalEvent[], bucket: number, found: Findings): void {
  for (const entry of entries) {
    const expected = Math.floor((entry.seq - 1) / bucket)
    if (entry.bucket !== expected) {
      found.add(() => `${log.conv}: seq ${entry.seq} is in bucket ${entry.bucket}, belongs in ${expected}`)
    }
  }
}

import type { AppendRequest } from '../log.ts'
import type { MemoryKv } from '../../ports/kv/kv.memory.ts'
import { prefixEnd } from '../../ports/kv/kv.ts'
import { bucketPartition, parseDedupe, seqOfEntryKey } from '../keys.ts'

/** One logical operation and all its answers; times are steps of the simulation. */
export interface OperationHistory {
  readonly request: AppendRequest
  readonly invokedAt: number
  readonly acks: { readonly seq: number; readonly at: number }[]
  /** Answered as not stored and never to be. */
  failed: boolean
}

export interface History {
  readonly operations: OperationHistory[]
  /** What each incarnation of a server published, in order. */
  readonly published: { firstSeq: number; entries: readonly string[] }[][]
}

interface StoredEntry {
  readonly seq: number
  readonly author: string
  readonly cid: string
  readonly sha: string
}

export const operationName = ({ author, cid }: { author: string; cid: string }) => `${author}/${cid}`

/** Reads the whole log out of the store, behind the log's back. */
async function dump(store: MemoryKv, log: string, buckets: number) {
  const entries: { key: string; value: string }[] = []
  const dedupe: { name: string; seq: number; sha: string }[] = []
  for (let bucket = 0; bucket < buckets; bucket++) {
    const partition = bucketPartition(log, bucket)
    entries.push(...(await store.scan(partition, { from: 'm/', to: prefixEnd('m/'), limit: 1e6 })))
    for (const { key, value } of await store.scan(partition, {
      from: 'd/',
      to: prefixEnd('d/'),
      limit: 1e6,
    })) {
      const parsed = parseDedupe(value)
      if (parsed.kind === 'stored') {
        dedupe.push({ name: key.slice(2), seq: parsed.seq, sha: parsed.sha })
      }
    }
  }
  return { entries, dedupe }
}

/** Violations of the promises of the log, by the invariants of docs/log.md; empty when it kept them all. */
export async function findViolations(history: History, store: MemoryKv, log: string): Promise<string[]> {
  const { entries, dedupe } = await dump(store, log, 64)
  const violations: string[] = []
  const check = (holds: boolean, violation: () => string) => {
    if (!holds) {
      violations.push(violation())
    }
  }
  const final = entries.map(({ value }) => JSON.parse(value) as StoredEntry)
  final.forEach(({ seq }, index) => {
    check(seq === index + 1 && seqOfEntryKey(entries[index]?.key ?? '') === seq, () => `hole at ${index + 1}`)
  })
  const stored = new Map<string, StoredEntry>()
  for (const entry of final) {
    check(!stored.has(operationName(entry)), () => `${operationName(entry)} stored twice`)
    stored.set(operationName(entry), entry)
  }
  for (const { name, seq, sha } of dedupe) {
    check(
      stored.get(name)?.seq === seq && stored.get(name)?.sha === sha,
      () => `dedupe row of ${name} is wrong`,
    )
  }
  check(dedupe.length === final.length, () => `${dedupe.length} dedupe rows for ${final.length} entries`)
  for (const { request, acks, failed } of history.operations) {
    const name = operationName(request)
    const entry = stored.get(name)
    for (const { seq } of acks) {
      check(
        entry?.seq === seq && entry.sha === request.sha,
        () => `ack ${name} = ${seq}, stored at ${entry?.seq}`,
      )
    }
    check(!failed || entry === undefined || entry.sha !== request.sha, () => `${name} failed and is visible`)
    if (request.prev !== undefined && entry !== undefined) {
      const prev = stored.get(operationName({ author: request.author, cid: request.prev }))
      check(prev !== undefined && prev.seq < entry.seq, () => `${name} is stored before the one it follows`)
    }
  }
  checkRealTime(history, stored, check)
  for (const { firstSeq, entries: published } of history.published.flat()) {
    published.forEach((entry, index) => {
      check(
        entries[firstSeq - 1 + index]?.value === entry,
        () => `published another entry at ${firstSeq + index}`,
      )
    })
  }
  for (const batches of history.published) {
    batches.slice(1).forEach(({ firstSeq }, index) => {
      check((batches[index]?.firstSeq ?? 0) < firstSeq, () => `published ${firstSeq} out of order`)
    })
  }
  return violations
}

/** What was acknowledged before another operation was invoked comes before it. */
function checkRealTime(
  { operations }: History,
  stored: ReadonlyMap<string, StoredEntry>,
  check: (holds: boolean, violation: () => string) => void,
): void {
  for (const earlier of operations) {
    const acknowledgedAt = Math.min(...earlier.acks.map(({ at }) => at))
    for (const later of operations) {
      const seq = stored.get(operationName(later.request))?.seq ?? Infinity
      const earlierSeq = earlier.acks[0]?.seq ?? 0
      check(
        acknowledgedAt >= later.invokedAt || earlierSeq < seq,
        () => `${earlierSeq} was acknowledged before ${seq} was sent`,
      )
    }
  }
}

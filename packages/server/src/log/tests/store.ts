import { FakeClock } from '@tam/testkit'
import { type Random, seededRandom } from '@tam/util'
import { FaultyKv } from '../../ports/kv/kv.faulty.ts'
import { MemoryKv } from '../../ports/kv/kv.memory.ts'
import { type LogOptions, type LogStore, createLog } from '../create-log.ts'
import type { AppendRequest } from '../log.ts'

export interface TestStore {
  readonly kv: FaultyKv
  readonly clock: FakeClock
  readonly log: LogStore
  /** What onCommitted heard: `<log> <first seq> <number of entries>`. */
  readonly committed: string[]
  /** Another process on the same store. */
  another(): LogStore
}

/** A log over a store in memory, with buckets of four. */
export function testStore(options: Partial<LogOptions> = {}): TestStore {
  const clock = new FakeClock()
  const random: Random = seededRandom(1)
  const kv = new FaultyKv({ kv: new MemoryKv(clock), clock, random })
  const committed: string[] = []
  const open = () =>
    createLog({
      kv,
      clock,
      random,
      bucketSize: 4,
      onCommitted: (log, firstSeq, entries) => committed.push(`${log} ${firstSeq} ${entries.length}`),
      ...options,
    })
  return { kv, clock, committed, log: open(), another: open }
}

/** An append by An of a text that is its cid. */
export function request(cid: string, more: Partial<AppendRequest> = {}): AppendRequest {
  return { author: 'an', cid, sha: `sha of ${cid}`, base: 0, body: `"cid":"${cid}"}`, ...more }
}

export const entry = (seq: number, cid: string) => `{"seq":${seq},"cid":"${cid}"}`

import type { Clock, Random } from '@tam/util'
import { CONNECT_DEADLINE_MS, type ConnectOptions } from './kv.cassandra.connect.ts'
import type { CassandraTarget } from './kv.cassandra.target.ts'

/** What opening and migrating have in common. */
export interface OpenOptions extends CassandraTarget {
  readonly clock: Clock
  readonly random: Random
  /** Receives lines for the log: what is waited for, and settings of the cluster that weaken a promise. */
  readonly onNotice?: (line: string) => void
  /** Milliseconds to keep trying a cluster that does not answer. */
  readonly connectDeadlineMs?: number
}

export function connectOptions(options: OpenOptions): ConnectOptions {
  const { clock, random, onNotice, connectDeadlineMs } = options
  return {
    target: options,
    clock,
    random,
    onNotice: onNotice ?? (() => {}),
    deadlineMs: connectDeadlineMs ?? CONNECT_DEADLINE_MS,
  }
}

import type { Clock, Random } from '@tam/util'
import type { Kv } from '../ports/kv/kv.ts'
import { Appender, type AppenderDependencies } from './appender.ts'
import { UNKNOWN_DEADLINE_MS } from './commit-until-known.ts'
import { HeadFinder } from './head-finder.ts'
import { BUCKET_SIZE } from './keys.ts'
import type { AppendRequest, AppendResult, CommittedListener, Log } from './log.ts'
import { LogOperations } from './operations.ts'
import { LogReader } from './reader.ts'
import { RecentOperations } from './recent-operations.ts'
import { type AppendStrategy, soundStrategy } from './strategy.ts'

export interface LogOptions {
  readonly kv: Kv
  readonly clock: Clock
  readonly random: Random
  /** Must not throw. */
  readonly onCommitted: CommittedListener
  /** Whether other processes append to the same logs, and get their turns; yes when left out. */
  readonly isShared?: boolean
  /** Other than the default only in tests: see BUCKET_SIZE. */
  readonly bucketSize?: number
  /** Other than the default only in tests. */
  readonly strategy?: AppendStrategy
}

export type LogStore = Log & Pick<LogOperations, 'lookup' | 'refuse'>

/** The logs of one store. Several may work on the same store, in one process or in many. */
export function createLog(options: LogOptions): LogStore {
  const {
    kv,
    clock,
    random,
    onCommitted,
    bucketSize = BUCKET_SIZE,
    strategy = soundStrategy,
    isShared = true,
  } = options
  const heads = new HeadFinder(kv, bucketSize)
  const reader = new LogReader(kv, bucketSize)
  const deadlineMs = strategy.afterUnknown === 'renumber' ? 0 : UNKNOWN_DEADLINE_MS
  const deps: AppenderDependencies = {
    kv,
    clock,
    random,
    deadlineMs,
    heads,
    recent: new RecentOperations(),
    onCommitted,
    bucketSize,
    strategy,
    isShared,
  }
  const operations = new LogOperations(deps)
  const appenders = new Map<string, Appender>()

  function append(log: string, request: AppendRequest): Promise<AppendResult> {
    const running = appenders.get(log)
    if (running !== undefined) {
      return running.append(request)
    }
    const appender = new Appender(log, deps)
    appenders.set(log, appender)
    const result = appender.append(request)
    void appender.run(() => appenders.delete(log))
    return result
  }

  return {
    append,
    head: (log) => heads.find(log),
    read: (log, from, to) => reader.read(log, from, to),
    lookup: (log, operation) => operations.lookup(log, operation),
    refuse: (log, operation) => operations.refuse(log, operation),
  }
}

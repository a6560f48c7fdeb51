import { policies, type QueryOptions, types } from 'cassandra-driver'
import { isRefusal, reasonOf } from './kv.cassandra.errors.ts'
import type { CassandraDependencies, CassandraReads } from './kv.cassandra.reads.ts'
import {
  type Condition,
  type Revised,
  type RowPlan,
  type SeenRow,
  holds,
  planRows,
  seenRows,
} from './kv.cassandra.statements.ts'
import { UnknownOutcome } from './kv.ts'

/** Times that a commit is adapted to rows that it makes no demands on, or that have expired. */
const ATTEMPTS_MAX = 8

const BATCH_OPTIONS: QueryOptions = {
  prepare: true,
  consistency: types.consistencies.quorum,
  serialConsistency: types.consistencies.serial,
  isIdempotent: false,
  retry: new policies.retry.FallthroughRetryPolicy(),
}

export type Applied =
  | { readonly applied: true }
  | { readonly applied: false; readonly conflicts: readonly string[] }

interface Answer {
  readonly applied: boolean
  /** The rows that were compared and exist, unless applied. */
  readonly seen: ReadonlyMap<string, SeenRow>
}

const APPLIED: Applied = { applied: true }

/** Applies commits as conditional batches. */
export class CassandraWriter {
  readonly #deps: CassandraDependencies
  readonly #reads: CassandraReads

  constructor(deps: CassandraDependencies, reads: CassandraReads) {
    this.#deps = deps
    this.#reads = reads
  }

  /**
   * Applies `commits` together or not at all: either one, or several without expectations, as if one after the other.
   * @throws {UnknownOutcome}
   */
  async apply(partition: string, commits: readonly Revised[]): Promise<Applied> {
    const plans = planRows(commits)
    if (typeof plans === 'string') {
      return { applied: false, conflicts: [plans] }
    }
    if (plans.size === 0) {
      return APPLIED
    }
    // Rows written by conditional writes must be written by nothing else, so that a commit without an expectation
    // expects what it finds. That also keeps a late attempt from overwriting what came after it.
    const blind = ![...plans.values()].some(({ expected }) => expected !== undefined)
    let seen = blind
      ? await this.#reads.probableRevs(partition, [...plans.keys()])
      : new Map<string, SeenRow>()
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const nowMs = this.#deps.clock.now()
      const answer = await this.#attempt({ partition, plans, seen, blind, nowMs })
      if (answer.applied || showsOwnRev(answer, commits)) {
        return APPLIED
      }
      const conflicts = conflictsOf(plans, answer.seen, nowMs)
      if (conflicts.length > 0) {
        return { applied: false, conflicts }
      }
      seen = new Map(answer.seen)
    }
    throw new UnknownOutcome(
      `other writers changed the rows of ${partition} at each of ${ATTEMPTS_MAX} attempts`,
    )
  }

  async #attempt(attempt: Attempt): Promise<Answer> {
    const { partition, plans } = attempt
    const { client, requestTimeoutMs } = this.#deps
    const options = { ...BATCH_OPTIONS, readTimeout: requestTimeoutMs }
    let result: types.ResultSet
    try {
      result = await client.batch(this.#statements(attempt), options)
    } catch (error) {
      if (isRefusal(error)) {
        throw error
      }
      if (await this.#isInPlace(partition, plans)) {
        return { applied: true, seen: new Map() }
      }
      throw new UnknownOutcome(`no certain answer to a commit: ${reasonOf(error)}`, { cause: error })
    }
    return { applied: result.wasApplied(), seen: seenRows(result.rows) }
  }

  #statements({ partition, plans, seen, blind, nowMs }: Attempt) {
    return [...plans.values()].map((plan) => {
      const condition = conditionOf(plan, { seen: seen.get(plan.key), blind, nowMs })
      return this.#deps.statements.write(partition, plan, condition, nowMs)
    })
  }

  /**
   * After a timeout most commits turn out to be in place. Only that can be learned: a commit that is not there may
   * still come.
   */
  async #isInPlace(partition: string, plans: ReadonlyMap<string, RowPlan>): Promise<boolean> {
    for (const { key, write } of plans.values()) {
      if (write?.kind === 'put') {
        return this.#reads.hasRev(partition, key, write.rev).catch(() => false)
      }
    }
    return false
  }
}

interface Attempt {
  readonly partition: string
  readonly plans: ReadonlyMap<string, RowPlan>
  /** What is known of the rows. */
  readonly seen: ReadonlyMap<string, SeenRow>
  /** Whether rows without an expectation are written on the condition that they are as seen. */
  readonly blind: boolean
  readonly nowMs: number
}

/** The condition under which the server writes the row: the expectation, unless the row is there but expired. */
function conditionOf(
  { expected }: RowPlan,
  { seen, blind, nowMs }: { seen: SeenRow | undefined; blind: boolean; nowMs: number },
): Condition | undefined {
  if (expected === undefined && !blind) {
    return undefined
  }
  if (expected !== undefined && expected.rev !== null) {
    return { kind: 'alive', rev: expected.rev, afterMs: BigInt(nowMs) }
  }
  return seen === undefined ? { kind: 'absent' } : { kind: 'alive', rev: seen.rev, afterMs: -1n }
}

function conflictsOf(
  plans: ReadonlyMap<string, RowPlan>,
  seen: ReadonlyMap<string, SeenRow>,
  nowMs: number,
): string[] {
  const conflicts: string[] = []
  for (const { key, expected } of plans.values()) {
    if (expected !== undefined && !holds(expected, seen.get(key), nowMs)) {
      conflicts.push(key)
    }
  }
  return conflicts
}

/** A coordinator that starts over after somebody else finished its proposal finds its own rows in the way. */
function showsOwnRev({ seen }: Answer, commits: readonly Revised[]): boolean {
  const shown = new Set([...seen.values()].map(({ rev }) => rev))
  return commits.some(({ rev }) => shown.has(rev))
}

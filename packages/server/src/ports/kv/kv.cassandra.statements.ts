import { assert } from '@tam/util'
import type { types } from 'cassandra-driver'
import type { Change, Expectation, Row } from './kv.ts'

/** `expires` of a row without a ttl: beyond every clock, so that one comparison serves all rows. */
const NEVER_MS = BigInt(Number.MAX_SAFE_INTEGER)
/**
 * The column `expires` decides when a row is absent. The server removes it this much later, by its own clock, which
 * may be off by so much.
 */
const REMOVAL_DELAY_S = 3_600
/** Twenty years, the server's limit. */
const SERVER_TTL_S_MAX = 630_720_000

/** A commit and the rev its rows will have. */
export interface Revised {
  readonly change: Change
  readonly rev: string
}

/** What a statement is conditional on. `alive` asks for a row of this rev that expires after `afterMs`. */
export type Condition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'alive'; readonly rev: string; readonly afterMs: bigint }

type Write =
  | { readonly kind: 'put'; readonly value: string; readonly rev: string; readonly ttl: number | undefined }
  | { readonly kind: 'delete' }

/** All that one batch does to one row: the server takes one write per row, and no order among statements. */
export interface RowPlan {
  readonly key: string
  readonly expected: Expectation | undefined
  readonly write: Write | undefined
}

export interface Statement {
  readonly query: string
  readonly params: unknown[]
}

/** What a conflict shows of a row that exists. */
export interface SeenRow {
  readonly rev: string
  readonly expiresMs: bigint
}

/**
 * Merges commits, applied in this order, into one plan per row.
 * @returns the key instead when two expectations about it exclude each other
 */
export function planRows(commits: readonly Revised[]): Map<string, RowPlan> | string {
  const plans = new Map<string, RowPlan>()
  const planOf = (key: string): RowPlan => plans.get(key) ?? { key, expected: undefined, write: undefined }
  for (const { change, rev } of commits) {
    for (const expected of change.expect ?? []) {
      const plan = planOf(expected.key)
      if (plan.expected !== undefined && plan.expected.rev !== expected.rev) {
        return expected.key
      }
      plans.set(expected.key, { ...plan, expected })
    }
    for (const key of change.delete ?? []) {
      plans.set(key, { ...planOf(key), write: { kind: 'delete' } })
    }
    for (const { key, value, ttl } of change.put ?? []) {
      plans.set(key, { ...planOf(key), write: { kind: 'put', value, rev, ttl } })
    }
  }
  return plans
}

/** The statements of one keyspace. */
export class Statements {
  readonly selectRows: string
  readonly selectRevs: string
  readonly scanForward: string
  readonly scanReverse: string
  readonly #table: string

  constructor(keyspace: string) {
    const table = `${keyspace}.kv`
    const scan = `SELECT k, v, rev, expires FROM ${table} WHERE p = ? AND k >= ? AND k < ?`
    this.#table = table
    this.selectRows = `SELECT k, v, rev, expires FROM ${table} WHERE p = ? AND k IN ?`
    this.selectRevs = `SELECT k, rev, expires FROM ${table} WHERE p = ? AND k IN ?`
    this.scanForward = scan
    this.scanReverse = `${scan} ORDER BY k DESC`
  }

  /**
   * One row of a batch. Rows are written by UPDATE, never by INSERT: a row that INSERT made outlives its columns, so
   * a ttl given later would leave a row without values. `IF rev = null` is true of a row that does not exist, and
   * unlike IF NOT EXISTS a conflict on it answers without the values. Only columns that a condition names are
   * answered, hence `expires` in each.
   */
  write(
    partition: string,
    { key, write }: RowPlan,
    condition: Condition | undefined,
    nowMs: number,
  ): Statement {
    const { query, params } = this.#effect(partition, key, write, nowMs)
    switch (condition?.kind) {
      case undefined:
        return { query, params }
      case 'absent':
        return { query: `${query} IF rev = null AND expires = null`, params }
      case 'alive':
        return {
          query: `${query} IF rev = ? AND expires > ?`,
          params: [...params, condition.rev, condition.afterMs],
        }
    }
  }

  #effect(partition: string, key: string, write: Write | undefined, nowMs: number): Statement {
    switch (write?.kind) {
      case 'put':
        return {
          query: `UPDATE ${this.#table} USING TTL ? SET v = ?, rev = ?, expires = ? WHERE p = ? AND k = ?`,
          params: [serverTtl(write.ttl), write.value, write.rev, expiry(write.ttl, nowMs), partition, key],
        }
      case 'delete':
        return { query: `DELETE FROM ${this.#table} WHERE p = ? AND k = ?`, params: [partition, key] }
      case undefined:
        // Changes nothing, since `guard` is never set: only carries a condition.
        return { query: `DELETE guard FROM ${this.#table} WHERE p = ? AND k = ?`, params: [partition, key] }
    }
  }
}

/** The rows that an answer shows, by key: the servers differ in order, and in whether missing rows are listed. */
export function seenRows(rows: readonly types.Row[]): Map<string, SeenRow> {
  const seen = new Map<string, SeenRow>()
  for (const row of rows) {
    const { k, rev, expires } = row as { k?: unknown; rev?: unknown; expires?: unknown }
    if (typeof k === 'string' && typeof rev === 'string') {
      // Without it an existing row would pass for an expired one, and be overwritten.
      assert(typeof expires === 'bigint', `the answer shows no expiry of row ${k}`)
      seen.set(k, { rev, expiresMs: expires })
    }
  }
  return seen
}

/** Whether a row that was seen (or not) is what the port calls it. */
export function holds({ rev }: Expectation, seen: SeenRow | undefined, nowMs: number): boolean {
  const alive = seen !== undefined && seen.expiresMs > nowMs
  return rev === null ? !alive : alive && seen.rev === rev
}

/** The row as the port gives it, or undefined once it has expired. */
export function liveRow(row: types.Row, nowMs: number): Row | undefined {
  const { v, rev, expires } = row as { v?: unknown; rev?: unknown; expires?: unknown }
  if (typeof v !== 'string' || typeof rev !== 'string' || !(typeof expires === 'bigint' && expires > nowMs)) {
    return undefined
  }
  return { value: v, rev }
}

function expiry(ttl: number | undefined, nowMs: number): bigint {
  return ttl === undefined ? NEVER_MS : BigInt(nowMs + Math.ceil(ttl) * 1_000)
}

/** Seconds after which the server removes the row; 0 for never. */
function serverTtl(ttl: number | undefined): number {
  return ttl === undefined ? 0 : Math.min(Math.ceil(ttl) + REMOVAL_DELAY_S, SERVER_TTL_S_MAX)
}

/**
 * The one source of truth: ordered rows in partitions, changed by conditional commits.
 * Deliberately minimal, so that SQLite, Cassandra and ScyllaDB can honour it exactly. There is no transaction
 * across partitions. Keys are ordered by their UTF-8 bytes.
 */
export interface Kv {
  /** The row, or undefined. Linearizable with `commit` on the same partition. */
  get(partition: string, key: string): Promise<Row | undefined>
  /** Like `get` for many rows at once, in the order asked; the reads are independent of each other. */
  getMany(refs: readonly RowRef[]): Promise<(Row | undefined)[]>
  /** Rows with from ≤ key < to, ascending, or descending when `reverse`; at most `limit`. */
  scan(partition: string, range: ScanRange): Promise<KeyedRow[]>
  /**
   * Applies the whole change or nothing. Durable (fsynced) when it resolves as committed.
   * @throws {UnknownOutcome} the change may have applied, may not have, or may still apply later
   * @throws {StorageFull} nothing was stored and nothing will be
   */
  commit(partition: string, change: Change): Promise<CommitResult>
  close(): Promise<void>
}

export interface Row {
  readonly value: string
  /** Unique per write; opaque. */
  readonly rev: string
}

export interface KeyedRow extends Row {
  readonly key: string
}

export interface RowRef {
  readonly partition: string
  readonly key: string
}

export interface ScanRange {
  readonly from: string
  readonly to: string
  readonly limit: number
  readonly reverse?: boolean
}

/** `rev: null` expects the row to be absent. */
export interface Expectation {
  readonly key: string
  readonly rev: string | null
}

export interface Put {
  readonly key: string
  readonly value: string
  /** Seconds after which the row is absent. Never used for log or dedupe rows. */
  readonly ttl?: number
}

export interface Change {
  readonly expect?: readonly Expectation[]
  readonly put?: readonly Put[]
  readonly delete?: readonly string[]
}

export type CommitResult =
  | { readonly committed: true; /** The rev every row put by this commit now has. */ readonly rev: string }
  | {
      readonly committed: false
      /** The expected keys that did not hold. */ readonly conflicts: readonly string[]
    }

/** The outcome of a commit is not known: ask again, with the same change. */
export class UnknownOutcome extends Error {
  override name = 'UnknownOutcome'
}

/** The store has no space left. Reads go on. */
export class StorageFull extends Error {
  override name = 'StorageFull'
}

/** A row holds what no version of this program writes: damage that the engine has not noticed. */
export class DamagedRow extends Error {
  override name = 'DamagedRow'

  constructor({ partition, key }: RowRef, cause?: unknown) {
    super(`the row "${key}" of "${partition}" is damaged`, { cause })
  }
}

/** The `to` of a scan over every key that starts with `prefix`. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\u{10ffff}`
}

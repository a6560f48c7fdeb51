import type { EncodedCommits } from './change-codec.ts'

/** For tests only: what no test can make a real disk do. */
export interface SqliteFaults {
  /** The database may not grow past this many pages. */
  readonly maxPageCount?: number
  /** The n-th COMMIT (from 1) fails as a failed fsync does. */
  readonly failCommit?: number
  /** A WAL small enough for a test to fill. */
  readonly wal?: { readonly startFrames: number; readonly maxFrames: number }
}

export type ToWriter =
  | { readonly kind: 'open'; readonly path: string; readonly faults: SqliteFaults }
  | ({ readonly kind: 'commit'; /** Wall time, for TTLs. */ readonly now: number } & EncodedCommits)
  | { readonly kind: 'sweep'; readonly now: number }
  | { readonly kind: 'close' }

/** The expected keys that did not hold, for the commit at `index` of the batch. */
export interface BatchConflict {
  readonly index: number
  readonly keys: readonly string[]
}

export type FromWriter =
  /** Durable. The commit at index i has rev `firstRev + i`, unless it is among the conflicts. */
  | {
      readonly kind: 'committed'
      readonly firstRev: number
      /** In the order of their indexes. */
      readonly conflicts: readonly BatchConflict[]
      /** About how many pages it added to the WAL. */
      readonly pages: number
    }
  /** Nothing of the batch was stored: no space, or another program held the database locked. */
  | { readonly kind: 'refused'; readonly reason: 'full' | 'busy' }
  | { readonly kind: 'closed' }

export type ToCheckpointer =
  | { readonly kind: 'open'; readonly path: string }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'close' }

export type FromCheckpointer =
  /** Frames in the WAL, and how many of them are in the database by now. */
  | { readonly kind: 'checkpointed'; readonly frames: number; readonly done: number }
  | { readonly kind: 'closed' }

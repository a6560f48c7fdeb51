/**
 * A log is an append-only sequence of entries with a dense seq (1, 2, 3 …): a conversation's, or a user's own.
 * This is the only way to write or read one. The algorithm and its contract: docs/log.md.
 */
export interface Log {
  /**
   * Stores one entry and resolves after it is durable. Concurrent appends to a log are committed together, in
   * the order of the calls. Never rejects for a refusal: see AppendResult.
   */
  append(log: string, request: AppendRequest): Promise<AppendResult>
  /** Seq of the newest entry, 0 for none; linearizable with `append` (a read of kv, started at a cached hint). */
  head(log: string): Promise<number>
  /** Encoded entries from..to (inclusive), dense and ascending; ends early only at the head. */
  read(log: string, from: number, to: number): Promise<string[]>
}

export interface AppendRequest {
  /** The author's user id, part of the dedupe key. */
  readonly author: string
  /** Names the logical operation; (author, cid) is stored at most once per log. */
  readonly cid: string
  /** Digest of what the author asked for; the same cid with another digest is `cid_conflict`. */
  readonly sha: string
  /** Highest seq the author had applied when the operation was created; 0 when unknown. */
  readonly base: number
  /** The entry as JSON without the opening brace and seq, e.g. `"type":"message",…}`. */
  readonly body: string
  /** cid of the preceding pipelined append by the same author; see wire rule 6. */
  readonly prev?: string | undefined
  /** An earlier attempt may have been stored or may still land. */
  readonly resend?: boolean | undefined
}

export type AppendResult =
  | {
      readonly ok: true
      readonly seq: number
      /** An earlier append with this cid stored it. */ readonly duplicate: boolean
    }
  | {
      readonly ok: false
      readonly code: 'cid_conflict' | 'bad_position' | 'storage_full' | 'aborted_after' | 'unknown'
    }

/** Called synchronously after each commit, before the appends resolve, in seq order per log and process. */
export type CommittedListener = (log: string, firstSeq: number, entries: readonly string[]) => void

/** Encodes an entry for storage, bus and wire: made once, never parsed on the way out. */
export function encodeEntry(seq: number, body: string): string {
  return `{"seq":${seq},${body}`
}

/** The `body` of an AppendRequest for an entry without its seq. */
export function encodeBody(entry: object): string {
  return JSON.stringify(entry).slice(1)
}

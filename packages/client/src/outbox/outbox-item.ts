/** What the device keeps of a message until the server has stored it. */
export interface OutboxRecord {
  /** Names the logical send: 22 random base64url characters. */
  readonly cid: string
  readonly conv: string
  readonly text: string
  readonly replyTo?: number
  /** Highest seq applied when the message was written; never raised afterwards. */
  readonly base: number
  /** Typed order in the conversation: strictly increasing, wall milliseconds at first. */
  readonly order: number
  /** Wall milliseconds of writing, or of the last time a person asked to try again. */
  readonly since: number
  /** Why it was not stored; absent while it is to be sent. */
  readonly error?: string
  /** The tab that sends it. */
  readonly owner: string
}

export type SendStatus =
  /** Not on disk yet: no byte leaves before. */
  | { readonly type: 'saving' }
  | { readonly type: 'waiting' }
  | { readonly type: 'sending' }
  /** Durable at the server; stays until the entry comes back through the log. */
  | { readonly type: 'stored'; readonly seq: number; readonly at: string }
  | { readonly type: 'failed'; readonly code: string }

/** One message of the outbox as others see it. Replaced, never changed. */
export interface OutboxItem {
  readonly record: OutboxRecord
  readonly status: SendStatus
  /** An earlier message of the conversation failed: this one waits for a person to decide about that one. */
  readonly behindFailed: boolean
}

import type { EntryState, SendBody } from '@tam/protocol'

/** Sends and reads messages. All methods throw AppError for refusals. */
export interface Messages {
  /**
   * Resolves after the message is durable. `body` is parsed: its text is NFC and within the limits.
   * @throws AppError `not_found`, `invalid_request`, `cid_conflict`, `bad_position`, `aborted_after`, `unknown`, `storage_full`
   */
  send(user: string, conv: string, body: SendBody): Promise<Sent>
  /** Raw entries for the socket. `before` and `after` are exclusive. */
  history(user: string, conv: string, position: HistoryPosition): Promise<HistoryPage>
  /** Folded messages for HTTP; without a position the newest ones. */
  page(user: string, conv: string, position: MessagesPosition): Promise<MessagesPage>
}

export interface Sent {
  readonly seq: number
  /** RFC 3339; of the stored entry when this was a duplicate. */
  readonly at: string
  /** An earlier call with this cid stored it. */
  readonly duplicate: boolean
}

export type HistoryPosition = { readonly limit?: number | undefined } & (
  | { readonly before: number }
  | { readonly after: number }
  | { readonly around: number }
)

export type MessagesPosition = HistoryPosition | { readonly limit?: number | undefined }

export interface HistoryPage {
  /** Encoded entries, ascending and dense. */
  readonly entries: readonly string[]
  /** By seq: what later entries made of these, as of `head`. */
  readonly state: Readonly<Record<string, EntryState>>
  readonly head: number
}

export interface MessagesPage {
  /** Encoded messages, ascending. */
  readonly messages: readonly string[]
  readonly hasBefore: boolean
  readonly hasAfter: boolean
  readonly head: number
}

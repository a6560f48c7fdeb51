import type { ReadPosition } from '../conversations/rows.ts'

/** Read positions: monotone, per user and conversation. Unread counts are derived from them. */
export interface Reads {
  /**
   * Moves the user's position forward, never back and never past the head; tells the user's own connections and,
   * where receipts are on, the other members.
   * @throws AppError `not_found`, `unknown`, `storage_full`
   */
  mark(user: string, conv: string, seq: number): Promise<Marked>
  /** Positions of several members, in the order asked; 0 for those who are not members. */
  positions(conv: string, users: readonly string[]): Promise<number[]>
  /** Like `positions`, as `viewer` may see them: null for others who hide from everybody. */
  receipts(conv: string, viewer: string, users: readonly string[]): Promise<(number | null)[]>
  /** Takes the count stored with a position, if there is one, unless a better one is known. */
  recall(user: string, conv: string, position: ReadPosition): void
  /** Others' messages after `read`, up to `head`: exact to 99, 100 means more. */
  unread(user: string, conv: string, read: number, head: number): Promise<number>
  /** Like `unread`, from memory alone; undefined when something has to be counted. */
  unreadKnown(user: string, conv: string, read: number, head: number): number | undefined
}

export interface Marked {
  readonly read: number
  readonly unread: number
  /** False when the position was already there or further. */
  readonly moved: boolean
}

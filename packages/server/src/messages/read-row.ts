import { decode, type SideRow } from '../conversations/rows.ts'
import type { Row } from '../ports/kv/kv.ts'

/**
 * `user/<user>` `read/<conv>`: `<seq>`, or `<seq> <upTo> <count>` after a long count: so many messages count as unread
 * in seq+1..upTo. That part of the log does not change, so a restart need not read it again.
 */
export interface ReadRow {
  readonly seq: number
  readonly counted?: { readonly upTo: number; readonly count: number }
}

export function parseReadRow(value: string): ReadRow {
  const [seq = 0, upTo, count] = value.split(' ').map(Number)
  return upTo === undefined || count === undefined ? { seq } : { seq, counted: { upTo, count } }
}

export function formatReadRow({ seq, counted }: ReadRow): string {
  return counted === undefined ? String(seq) : `${seq} ${counted.upTo} ${counted.count}`
}

/** What is stored, else where the membership began, else nothing. */
export function readRowOf(row: Row | undefined, side: Row | undefined): ReadRow {
  if (row !== undefined) {
    return parseReadRow(row.value)
  }
  return { seq: side === undefined ? 0 : decode<SideRow>(side).seq }
}

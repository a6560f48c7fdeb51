import type { HistoryFrame } from '@tam/protocol'
import { seqOf } from '../../messages/entry-head.ts'
import type { HistoryPosition, Messages } from '../../messages/messages.ts'
import { historyOk } from '../frames/encode.ts'
import type { Connection, LocalUser } from '../hub/state.ts'
import { HISTORY_COST, type QueryLimit } from '../query-limit.ts'
import { HISTORY_UNITS_MAX } from '../limits.ts'

export type History = (connection: Connection, user: LocalUser, frame: HistoryFrame) => Promise<void>

export interface HistoryDeps {
  readonly messages: Pick<Messages, 'history'>
  readonly queryLimit: QueryLimit
}

/** Answers a page of raw entries. A page of long messages is cut: pages may be short anywhere. */
export function createHistory({ messages, queryLimit }: HistoryDeps): History {
  return async (connection, user, frame) => {
    await queryLimit.admit(user, HISTORY_COST)
    const { entries, state, head } = await messages.history(user.id, frame.conv, positionOf(frame))
    const page = cut(entries, frame)
    connection.socket?.send(historyOk(frame.id, page, state, head))
  }
}

function positionOf({ before, after, around, limit }: HistoryFrame): HistoryPosition {
  if (before !== undefined) {
    return { before, limit }
  }
  return after !== undefined ? { after, limit } : { around: around ?? 0, limit }
}

/** The entries nearest to the position asked for that fit a reply: at least one, without a hole. */
function cut(entries: readonly string[], { before, around }: HistoryFrame): readonly string[] {
  let first = 0
  let end = entries.length
  let units = entries.reduce((sum, entry) => sum + entry.length, 0)
  const center = around === undefined ? -1 : entries.findIndex((entry) => seqOf(entry) >= around)
  while (units > HISTORY_UNITS_MAX && end - first > 1) {
    const dropFirst = before !== undefined || (around !== undefined && center - first > end - 1 - center)
    units -= (dropFirst ? entries[first++] : entries[--end])?.length ?? 0
  }
  return first === 0 && end === entries.length ? entries : entries.slice(first, end)
}

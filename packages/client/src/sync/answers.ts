import type { Conversation, ConversationEntry, HistoryOk, OkFrame, SendOk, SyncOk } from '@tam/protocol'
import { isEntries } from '../connection/frame.ts'
import { TamError } from '../errors.ts'

/* The three shapes of `ok`: which one is due follows from the command. All throw TamError `protocol`. */

export function syncAnswer(frame: OkFrame): SyncOk {
  const answer = frame as SyncOk
  if (!Array.isArray(answer.conversations) || !Number.isSafeInteger(answer.user?.head)) {
    throw new TamError('protocol', { message: 'broken answer to sync' })
  }
  return answer
}

/** The answer with its earlier parts. */
export function wholeAnswer(parts: readonly Conversation[], answer: SyncOk): SyncOk {
  const all = new Map([...parts, ...answer.conversations].map((told) => [told.id, told]))
  if (answer.total !== undefined && all.size !== answer.total) {
    throw new TamError('protocol', { message: 'broken answer to sync' })
  }
  return { ...answer, conversations: [...all.values()] }
}

export function sendAnswer(frame: OkFrame): SendOk {
  const answer = frame as SendOk
  if (!Number.isSafeInteger(answer.seq) || typeof answer.at !== 'string') {
    throw new TamError('protocol', { message: 'broken answer to send' })
  }
  return answer
}

/** A page as of its head: later edits are folded into the entries. */
export function historyAnswer(frame: OkFrame): { entries: readonly ConversationEntry[]; head: number } {
  const answer = frame as HistoryOk
  if (!isEntries(answer.entries) || !Number.isSafeInteger(answer.head)) {
    throw new TamError('protocol', { message: 'broken page of history' })
  }
  return { entries: answer.entries.map((entry) => foldLater(entry, answer)), head: answer.head }
}

function foldLater(entry: ConversationEntry, { state }: HistoryOk): ConversationEntry {
  const later = state?.[entry.seq]
  if (later === undefined || entry.type !== 'message') {
    return entry
  }
  return { ...entry, text: later.deleted === true ? '' : (later.text ?? entry.text) }
}

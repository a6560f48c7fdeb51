import type { EntryDraft, Kind, Role } from '@tam/protocol'
import { hash } from 'node:crypto'
import { encodeBody } from '../log/log.ts'

/** What a change did, in enough detail to write its entries again after a crash, byte for byte. */
export type ChangeEvent =
  | {
      readonly type: 'created'
      readonly kind: Kind
      readonly title: string
      readonly users: readonly string[]
    }
  | { readonly type: 'added'; readonly users: readonly string[] }
  | /** Each of them by themself. */ { readonly type: 'joined'; readonly users: readonly string[] }
  | { readonly type: 'left' | 'removed'; readonly user: string }
  | { readonly type: 'role'; readonly user: string; readonly role: Role }
  | { readonly type: 'details'; readonly title?: string; readonly topic?: string }

/**
 * `conv/<conv>` `pending/<op>`: a change that is true but not yet told. Written by the commit that made it true,
 * deleted after the log entry and the people's sides.
 */
export interface PendingRow {
  readonly op: string
  readonly version: number
  readonly by: string
  readonly at: string
  /** Head of the conversation's log before the change. */
  readonly base: number
  readonly event: ChangeEvent
}

/** An entry of the conversation's log, and whose side follows from it. */
export interface PlannedEntry {
  /** Who did it. */
  readonly author: string
  readonly cid: string
  readonly body: string
  readonly side?: { readonly user: string; readonly kind: 'joined' | 'left' }
}

/** The entries of a change, in the order of the log; the cid of the first is the operation's id. */
export function entriesOf({ op, by, at, event }: PendingRow): PlannedEntry[] {
  const common = { from: by, at }
  const entry = (draft: EntryDraft, side?: PlannedEntry['side']): PlannedEntry => ({
    author: draft.from,
    cid: draft.cid,
    body: encodeBody(draft),
    ...(side === undefined ? {} : { side }),
  })
  const member = (cid: string, from: string, user: string) => {
    const change = from === user ? 'joined' : 'added'
    return entry({ type: 'member', change, user, role: 'member', cid, from, at }, { user, kind: 'joined' })
  }
  const cidOf = (index: number) => (index === 0 ? op : `${op}-${index}`)
  switch (event.type) {
    case 'created': {
      const { kind, title, users } = event
      const created = entry(
        { type: 'created', kind, title, cid: op, ...common },
        { user: by, kind: 'joined' },
      )
      return [created, ...users.map((user, index) => member(cidOf(index + 1), by, user))]
    }
    case 'added':
      return event.users.map((user, index) => member(cidOf(index), by, user))
    case 'joined':
      return event.users.map((user, index) => member(cidOf(index), user, user))
    case 'left':
    case 'removed': {
      const { type: change, user } = event
      return [entry({ type: 'member', change, user, cid: op, ...common }, { user, kind: 'left' })]
    }
    case 'role': {
      const { user, role } = event
      return [entry({ type: 'member', change: 'role', user, role, cid: op, ...common })]
    }
    case 'details': {
      const { type, ...details } = event
      return [entry({ type, ...details, cid: op, ...common })]
    }
  }
}

/** 128 bits that name what an operation asked for. */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22)
}

import type { MessageItem } from '@tam/client'
import { createContext, use } from 'react'

/** What rows can do; the same object as long as the conversation is open, so that it never renders a row anew. */
export interface RowActions {
  readonly me: string
  /** Watches the row's visibility; a ref callback with clean-up. */
  readonly observe: (row: HTMLElement) => () => void
  readonly reply: (item: MessageItem) => void
  readonly copy: (item: MessageItem) => void
  /** Undefined where one is not a member any more: there it could only fail again. */
  readonly retry: ((item: MessageItem) => void) | undefined
  readonly discard: (item: MessageItem) => void
  readonly jumpTo: (seq: number) => void
  /** The row that `inside` is in is about to change its height: its top stays where it is. */
  readonly holdTop: (inside: Element) => void
  /** Shows what can be done with a message, for fingers. */
  readonly showSheet: (item: MessageItem) => void
  /** Shows who a person is, beside `anchor`. */
  readonly showPerson: (user: string, anchor: Element) => void
}

export const RowActionsContext = createContext<RowActions | undefined>(undefined)

export function useRowActions(): RowActions {
  const actions = use(RowActionsContext)
  if (actions === undefined) {
    throw new Error('useRowActions needs a RowActionsContext above it')
  }
  return actions
}

import type { ConversationEntry, OkFrame } from '@tam/protocol'
import { PAGE_DEFAULT, PAGE_MAX } from '@tam/protocol/limits'
import type { Command } from '../request/requests.ts'
import { historyAnswer } from './answers.ts'

export type Position = { readonly before: number } | { readonly after: number } | { readonly around: number }

export interface Page {
  /** Dense, ascending; empty only at the end of the log. */
  readonly entries: readonly ConversationEntry[]
  /** Newest seq of the log when the page was read. */
  readonly head: number
}

/** Reads one page of a conversation's log. Rejects with TamError. */
export type ReadHistory = (conv: string, position: Position, limit?: number) => Promise<Page>

export interface ReadHistoryDependencies {
  readonly request: (command: Command) => Promise<OkFrame>
  readonly onPage: (conv: string, page: Page) => void
}

export function createReadHistory({ request, onPage }: ReadHistoryDependencies): ReadHistory {
  return async (conv, position, limit = PAGE_DEFAULT) => {
    const command = { t: 'history', conv, ...position, limit: Math.min(limit, PAGE_MAX) } as const
    const page = historyAnswer(await request(command))
    onPage(conv, page)
    return page
  }
}

import type { Messages } from '../../messages/messages.ts'
import type { Reads } from '../../messages/reads.ts'
import type { Api } from '../context.ts'
import { listMessagesRoute } from './messages/list.ts'
import { markReadRoute } from './messages/mark-read.ts'
import { sendMessageRoute } from './messages/send.ts'

export function addMessageRoutes(
  api: Api,
  deps: { readonly messages: Messages; readonly reads: Pick<Reads, 'mark'> },
): void {
  listMessagesRoute(api, deps.messages)
  sendMessageRoute(api, deps.messages)
  markReadRoute(api, deps.reads)
}

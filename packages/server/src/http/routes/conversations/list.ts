import { ConversationsReply } from '@tam/protocol'
import type { Conversations } from '../../../conversations/conversations.ts'
import type { Api } from '../../context.ts'
import { defineRoute, reply } from '../../define-route.ts'

const route = defineRoute(
  { limit: 'read' },
  {
    method: 'get',
    path: '/api/conversations',
    summary: "One's conversations, the newest activity first",
    responses: { 200: reply('The conversations', ConversationsReply) },
  },
)

export function listConversationsRoute(api: Api, conversations: Pick<Conversations, 'list'>): void {
  api.openapi(route, async (c) => {
    return c.json({ conversations: await conversations.list(c.get('claims').user) }, 200)
  })
}
